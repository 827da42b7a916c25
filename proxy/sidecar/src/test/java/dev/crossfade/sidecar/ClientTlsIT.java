package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.tls.Identity;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients come by TLS, as they would to a server that has a certificate. */
class ClientTlsIT {
  private static final String USER = "app";
  private static final String PASSWORD = "s ecret";
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final String PROTOCOL = "postgresql";
  private static final Authority AUTHORITY = Authority.create("root");
  private static final SSLContext CONTEXT = AUTHORITY.clientContext(Optional.empty());

  private static final LeakWatch LEAKS = new LeakWatch();

  private static EmbeddedServer server;

  @TempDir private Path folder;
  private final Identity identity = AUTHORITY.issue("sidecar", "localhost", "127.0.0.1");
  private final List<Sidecar> opened = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = EmbeddedServer.builder().role(USER, PASSWORD).start();
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(LEAKS.leaks()).isEmpty();
    LEAKS.close();
  }

  @AfterEach
  void end() {
    opened.forEach(Sidecar::close);
  }

  /** A sidecar whose listener has a certificate. */
  private void open(String more) throws Exception {
    identity.write(folder, "sidecar");
    Files.writeString(folder.resolve("root.crt"), AUTHORITY.pem());
    opened.add(Sidecar.start(OneServer.config(folder, server, "port: 0" + tls(more), "")));
  }

  private static String tls(String more) {
    return ", tls: {certificate: sidecar.crt, key: sidecar.key" + more + '}';
  }

  private WireClient connect() throws IOException {
    return WireClient.connect("127.0.0.1", opened.getFirst().address().getPort());
  }

  /** Asks for TLS and gets it. */
  private WireClient secure() throws IOException {
    return secure(CONTEXT);
  }

  private WireClient secure(SSLContext context) throws IOException {
    WireClient client = connect().send(Messages.sslRequest());
    assertThat(client.readByte()).isEqualTo('S');
    return client.startTls(context);
  }

  private static List<Frame> login(WireClient client) throws IOException {
    return client.login("postgres", USER, PASSWORD);
  }

  @Test
  void theSameIsSaidWithinTls() throws Exception {
    open("");
    try (WireClient direct = WireClient.connect(server.host(), server.port());
        WireClient plain = connect();
        WireClient secure = secure()) {
      List<Frame> expected = login(direct);
      assertThat(expected.getLast().type()).isEqualTo('Z');
      GoldenTranscriptIT.assertSame(expected, login(plain));
      GoldenTranscriptIT.assertSame(expected, login(secure));
      assertThat(FrameText.of(secure.query("SELECT 1 AS one, current_user")))
          .isEqualTo(FrameText.of(direct.query("SELECT 1 AS one, current_user")));
    }
  }

  @Test
  void aHandshakeMayComeAtOnceIfItNamesTheProtocol() throws Exception {
    open("");
    try (WireClient client = connect().startTls(CONTEXT, PROTOCOL)) {
      assertThat(login(client).getLast().type()).isEqualTo('Z');
    }
    try (WireClient client = connect().startTls(CONTEXT, "h2", PROTOCOL)) {
      assertThat(login(client).getLast().type()).isEqualTo('Z');
    }
    try (WireClient client = connect().startTls(CONTEXT)) {
      client.send(Messages.startup(Map.of("user", USER)));
      assertThat(client.readUntilClosed()).isEmpty();
    }
    try (WireClient client = connect()) {
      assertThatThrownBy(() -> client.startTls(CONTEXT, "h2")).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void whatCameUnencryptedIsNotTakenForEncrypted() throws Exception {
    open("");
    try (WireClient client = connect()) {
      client.send(Messages.sslRequest(), Messages.startup(Map.of("user", USER)));
      assertThat(client.readUntilClosed()).isEmpty();
    }
    try (WireClient client = connect().send(Messages.sslRequest())) {
      assertThat(client.readByte()).isEqualTo('S');
      client.send(Messages.startup(Map.of("user", USER)));
      // At most the alert of a handshake that failed, which is no frame.
      assertThat(closedAfterAlert(client)).isTrue();
    }
  }

  private static boolean closedAfterAlert(WireClient client) {
    try {
      return client.readUntilClosed().stream().allMatch(frame -> frame.type() == 0x15);
    } catch (IOException stillOpen) {
      return false;
    }
  }

  @Test
  void otherRequestsForEncryptionAreAnsweredAsTheServerDoes() throws Exception {
    open("");
    try (WireClient client = connect().send(Messages.gssRequest())) {
      assertThat(client.readByte()).isEqualTo('N');
      client.send(Messages.sslRequest());
      assertThat(client.readByte()).isEqualTo('S');
      assertThat(login(client.startTls(CONTEXT)).getLast().type()).isEqualTo('Z');
    }
    try (WireClient client = secure()) {
      client.send(Messages.sslRequest());
      assertThat(client.readUntilClosed()).isEmpty();
    }
  }

  @Test
  void unencryptedSessionsAreRefusedWhereTheyMustNotBe() throws Exception {
    open(", required: true");
    try (WireClient client = connect()) {
      Frame refusal = login(client).getLast();
      assertThat(refusal.sqlState()).isEqualTo("28000");
      assertThat(FrameText.of(List.of(refusal))).contains(USER, "sslmode=require");
      assertThat(client.readUntilClosed()).isEmpty();
    }
    try (WireClient client = connect()) {
      client.send(Messages.startup(Map.of("user", USER, "replication", "database")));
      assertThat(client.readUntilClosed().getLast().sqlState()).isEqualTo("28000");
    }
    try (WireClient client = secure()) {
      assertThat(login(client).getLast().type()).isEqualTo('Z');
    }
  }

  @Test
  void cancelRequestsNeedNoEncryption() throws Exception {
    open(", required: true");
    for (boolean encrypted : new boolean[] {false, true}) {
      try (WireClient client = secure()) {
        login(client);
        client.send(Messages.query("SELECT pg_sleep(60)"));
        await().atMost(BOUND).until(() -> OneServer.sleepers(server) == 1);
        try (WireClient canceller = encrypted ? secure() : connect()) {
          canceller.send(Messages.cancel(client.key()));
          assertThat(canceller.readUntilClosed()).isEmpty();
        }
        assertThat(client.readUntil("E").getLast().sqlState()).isEqualTo("57014");
      }
    }
  }

  @Test
  void clientsShowTheirCertificateWhereOneIsAskedFor() throws Exception {
    open(", clientCa: root.crt");
    Identity client = AUTHORITY.issue("client");
    try (WireClient known = secure(AUTHORITY.clientContext(Optional.of(client)))) {
      assertThat(login(known).getLast().type()).isEqualTo('Z');
    }
    Identity stranger = Authority.create("another").issue("client");
    for (Optional<Identity> shown : List.of(Optional.<Identity>empty(), Optional.of(stranger))) {
      assertThatThrownBy(
              () -> {
                // With TLS 1.3 the client learns only afterwards that it was refused.
                try (WireClient refused = secure(AUTHORITY.clientContext(shown))) {
                  login(refused);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void certificatesAreFollowedAndSessionsStay() throws Exception {
    open("");
    try (WireClient before = secure();
        LogLines log = new LogLines(ListenerTls.class.getPackageName())) {
      login(before);
      assertThat(shown()).isEqualTo(identity.certificate());
      Files.writeString(folder.resolve("sidecar.crt"), "nonsense");
      await().atMost(BOUND).until(() -> !log.lines().isEmpty());
      assertThat(shown()).isEqualTo(identity.certificate());
      Identity next = AUTHORITY.issue("next", "127.0.0.1");
      next.write(folder, "sidecar");
      await().atMost(BOUND).until(() -> next.certificate().equals(shown()));
      assertThat(FrameText.of(before.query("SELECT 'still here'"))).contains("still here");
      assertThat(log.lines()).hasSizeBetween(2, 3);
      assertThat(log.lines().getFirst()).contains("not reloaded");
      assertThat(log.lines().getLast()).isEqualTo("certificate reloaded");
    }
  }

  private Certificate shown() throws IOException {
    try (WireClient client = secure()) {
      return client.tls().getPeerCertificates()[0];
    }
  }

  @Test
  void driversReadMuchBothWays() throws Exception {
    open(", required: true");
    for (String[] how : new String[][] {{"postgres", "TLSv1.3"}, {"direct", "TLSv1.2"}}) {
      Properties properties = new Properties();
      properties.setProperty("user", USER);
      properties.setProperty("password", PASSWORD);
      properties.setProperty("sslmode", "verify-full");
      properties.setProperty("sslrootcert", folder.resolve("root.crt").toString());
      properties.setProperty("sslNegotiation", how[0]);
      try (Connection connection =
              DriverManager.getConnection(
                  "jdbc:postgresql://localhost:"
                      + opened.getFirst().address().getPort()
                      + "/postgres",
                  properties);
          var statement = connection.prepareStatement("SELECT length(?), repeat('x', 30000000)")) {
        statement.setString(1, "y".repeat(20_000_000));
        try (var rows = statement.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(20_000_000);
          assertThat(rows.getString(2)).hasSize(30_000_000);
        }
      }
    }
  }
}
