package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.tls.Identity;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar reaches its servers by TLS, and clients still log in to old themselves. */
class ServerTlsIT {
  private static final String USER = "app";
  private static final String PASSWORD = "s ecret";
  private static final String WHO = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  private static final Authority AUTHORITY = Authority.create("root");
  private static final Identity OLD = AUTHORITY.issue("server", "localhost");

  private static final LeakWatch LEAKS = new LeakWatch();

  private static EmbeddedServer server;
  private static EmbeddedServer plain;

  @TempDir private Path folder;
  private final List<Sidecar> opened = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = EmbeddedServer.builder().role(USER, PASSWORD).tls(OLD).start();
    plain = EmbeddedServer.builder().role(USER, PASSWORD).start();
  }

  @AfterAll
  static void stop() {
    server.close();
    plain.close();
    assertThat(LEAKS.leaks()).isEmpty();
    LEAKS.close();
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("root.crt"), AUTHORITY.pem());
    Files.writeString(folder.resolve("another.crt"), Authority.create("another").pem());
    AUTHORITY.issue("sidecar", "127.0.0.1").write(folder, "sidecar");
    OLD.write(folder, "same");
  }

  @AfterEach
  void end() {
    opened.forEach(Sidecar::close);
  }

  private Sidecar open(EmbeddedServer to, String listen, String servers) throws Exception {
    Sidecar sidecar = Sidecar.start(OneServer.config(folder, to, "port: 0" + listen, servers));
    opened.add(sidecar);
    return sidecar;
  }

  private static List<Frame> login(Sidecar sidecar) throws IOException {
    try (WireClient client = WireClient.connect("127.0.0.1", sidecar.address().getPort())) {
      List<Frame> heard = new ArrayList<>(client.login("postgres", USER, PASSWORD));
      if (heard.getLast().type() == 'Z') {
        heard.addAll(client.query(WHO));
      }
      return heard;
    }
  }

  @Test
  void serversAreAskedAsTheModeSays() throws Exception {
    String root = ", ca: root.crt}";
    for (String[] mode :
        new String[][] {
          {"", "D 'f'"},
          {", tls: {mode: disable}", "D 'f'"},
          {", tls: {mode: prefer}", "D 't'"},
          {", tls: {mode: require}", "D 't'"},
          {", tls: {mode: verify-ca" + root, "D 't'"},
          {", host: localhost, tls: {mode: verify-full" + root, "D 't'"}
        }) {
      assertThat(FrameText.of(login(open(server, "", mode[0])))).as(mode[0]).contains(mode[1]);
    }
    assertThat(FrameText.of(login(open(plain, "", ", tls: {mode: prefer}")))).contains("D 'f'");
  }

  @Test
  void whatTheModeForbidsIsSaidToTheClient() throws Exception {
    assertRefused(plain, ", tls: {mode: require}", "the server offers no TLS");
    assertRefused(
        server, ", tls: {mode: verify-ca, ca: another.crt}", "unable to find valid certification");
    assertRefused(server, ", tls: {mode: verify-full, ca: root.crt}", "127.0.0.1");
    assertRefused(
        server,
        ", host: localhost, tls: {mode: verify-full}",
        "unable to find valid certification");
  }

  private void assertRefused(EmbeddedServer to, String servers, String told) throws Exception {
    Frame refusal = login(open(to, "", servers)).getLast();
    assertThat(refusal.sqlState()).isEqualTo("08006");
    assertThat(FrameText.of(List.of(refusal))).contains(told).doesNotContain("Exception");
  }

  @Test
  void cancelRequestsReachTheServer() throws Exception {
    Sidecar sidecar = open(server, "", ", tls: {mode: require}");
    try (WireClient client = WireClient.connect("127.0.0.1", sidecar.address().getPort())) {
      client.login("postgres", USER, PASSWORD);
      client.send(Messages.query("SELECT pg_sleep(60)"));
      await().atMost(Duration.ofSeconds(20)).until(() -> OneServer.sleepers(server) == 1);
      try (WireClient canceller = WireClient.connect("127.0.0.1", sidecar.address().getPort())) {
        canceller.send(Messages.cancel(client.key()));
        assertThat(canceller.readUntilClosed()).isEmpty();
      }
      assertThat(client.readUntil("E").getLast().sqlState()).isEqualTo("57014");
    }
  }

  @Test
  void replicationIsRelayedThroughTls() throws Exception {
    server.execute("ALTER ROLE app REPLICATION");
    Sidecar sidecar = open(server, "", ", tls: {mode: require}");
    try (WireClient client = WireClient.connect("127.0.0.1", sidecar.address().getPort())) {
      client.login(Map.of("user", USER, "replication", "true"), PASSWORD);
      assertThat(FrameText.of(client.query("IDENTIFY_SYSTEM"))).contains("systemid");
    }
  }

  @Test
  void muchPassesBothWays() throws Exception {
    Sidecar sidecar = open(server, "", ", tls: {mode: require}");
    try (WireClient client = WireClient.connect("127.0.0.1", sidecar.address().getPort())) {
      client.login("postgres", USER, PASSWORD);
      String text = "y".repeat(10_000_000);
      List<Frame> answer = client.query("SELECT length('" + text + "'), repeat('x', 20000000)");
      assertThat(answer.get(1).body()).hasSizeGreaterThan(20_000_000);
    }
  }

  /**
   * Which logins by SCRAM pass through which hops. The table of docs/configuration.md says the
   * same.
   */
  @Test
  void scramPassesWhereTheTableSaysSo() throws Exception {
    String psql = Tools.require("psql");
    String own = ", tls: {certificate: sidecar.crt, key: sidecar.key}";
    String same = ", tls: {certificate: same.crt, key: same.key}";
    String toServer = ", tls: {mode: require}";
    Sidecar half = open(server, own, "");
    assertThat(passing(psql, half)).isEqualTo("plain: yes yes no, TLS: yes yes no");
    Sidecar other = open(server, "", toServer);
    assertThat(passing(psql, other)).isEqualTo("plain: yes yes no, TLS: no no no");
    Sidecar both = open(server, own, toServer);
    assertThat(passing(psql, both)).isEqualTo("plain: yes yes no, TLS: yes no no");
    Sidecar alike = open(server, same, toServer);
    assertThat(passing(psql, alike)).isEqualTo("plain: yes yes no, TLS: yes yes yes");
  }

  /** A driver may resume its TLS session, and then shakes hands without a certificate. */
  @Test
  void bindingIsOfferedToSessionsThatAreResumed() throws Exception {
    Sidecar alike =
        open(server, ", tls: {certificate: same.crt, key: same.key}", ", tls: {mode: require}");
    SSLContext context = AUTHORITY.clientContext(Optional.empty());
    for (int i = 0; i < 3; i++) {
      try (WireClient client =
          WireClient.connect("127.0.0.1", alike.address().getPort()).send(Messages.sslRequest())) {
        assertThat(client.readByte()).isEqualTo('S');
        List<Frame> heard = client.startTls(context).login("postgres", USER, PASSWORD);
        assertThat(heard.getLast().type()).isEqualTo('Z');
        assertThat(new String(heard.getFirst().body(), StandardCharsets.US_ASCII))
            .contains("SCRAM-SHA-256-PLUS");
      }
    }
  }

  /** With channel_binding disable, prefer and require. */
  private static String passing(String psql, Sidecar sidecar) throws Exception {
    return "plain: "
        + passing(psql, sidecar, "disable")
        + ", TLS: "
        + passing(psql, sidecar, "require");
  }

  private static String passing(String psql, Sidecar sidecar, String sslmode) throws Exception {
    List<String> passing = new ArrayList<>();
    for (String binding : List.of("disable", "prefer", "require")) {
      String target =
          "host=127.0.0.1 dbname=postgres user=%s port=%d sslmode=%s channel_binding=%s"
              .formatted(USER, sidecar.address().getPort(), sslmode, binding);
      ProcessBuilder builder =
          new ProcessBuilder(psql, "-X", "-A", "-t", "-c", "SELECT 'passed'", target)
              .redirectErrorStream(true);
      builder.environment().put("PGPASSWORD", PASSWORD);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output)
          .containsAnyOf("passed", "SCRAM", "channel binding", "does not support SSL");
      passing.add(output.contains("passed") ? "yes" : "no");
    }
    return String.join(" ", passing);
  }
}
