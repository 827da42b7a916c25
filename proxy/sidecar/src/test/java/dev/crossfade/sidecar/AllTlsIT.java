package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every hop is encrypted and every certificate verified, in a process with 64 MiB of heap. */
class AllTlsIT {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final int SESSIONS = 150;

  private static final Authority AUTHORITY = Authority.create("root");
  private static final SSLContext CONTEXT = AUTHORITY.clientContext(Optional.empty());

  private static Pair pair;
  private static SidecarProcess sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair =
        new Pair(
            EmbeddedServer.builder()
                .setting("max_connections", "400")
                .tls(AUTHORITY.issue("server", "127.0.0.1")));
    AUTHORITY.issue("sidecar", "127.0.0.1").write(pair.folder, "sidecar");
    Files.writeString(pair.folder.resolve("root.crt"), AUTHORITY.pem());
    String config =
        pair.config("RAMP", "100%", "random", "")
            .replace("\"}", "\", tls: {mode: verify-full, ca: root.crt}}")
            .replaceFirst(
                "port: 0}",
                "port: 0, tls: {certificate: sidecar.crt, key: sidecar.key, required: true}}");
    sidecar = SidecarProcess.start(pair, config);
  }

  @AfterAll
  static void stop() throws IOException {
    sidecar.close();
    pair.close();
  }

  private static WireClient login() throws IOException {
    WireClient client = WireClient.connect("127.0.0.1", sidecar.port()).send(Messages.sslRequest());
    assertThat(client.readByte()).isEqualTo('S');
    client.startTls(CONTEXT);
    assertThat(client.login("shop", Pair.USER, Pair.PASSWORD).getLast().type()).isEqualTo('Z');
    return client;
  }

  @Test
  void readsAreAnsweredByNew() throws Exception {
    String sql = "SELECT id, full_name, email FROM customers WHERE id = 7";
    try (WireClient direct = WireClient.connect(pair.old.host(), pair.old.port());
        WireClient client = login()) {
      direct.login("shop", Pair.USER, Pair.PASSWORD);
      String expected = FrameText.of(direct.query(sql));
      await()
          .atMost(BOUND)
          .until(
              () -> {
                assertThat(FrameText.of(client.query(sql))).isEqualTo(expected);
                return sidecar.get("/metrics").body().contains("side=\"new\"");
              });
    }
  }

  @Test
  void whatIsLargerThanTheHeapStreamsAndWaitsForItsReader() throws Exception {
    try (WireClient client = login()) {
      client.send(Messages.query("SELECT repeat('x', 1000000) FROM generate_series(1, 300)"));
      // Nobody reads: the server is made to wait.
      await().atMost(BOUND).until(() -> waitingToWrite() == 1);
      int rows = 0;
      for (Frame frame = read(client); frame.type() != 'Z'; frame = read(client)) {
        rows += frame.type() == 'D' ? 1 : 0;
      }
      assertThat(rows).isEqualTo(300);
      client.send(Messages.query("SELECT repeat('x', 80000000)"));
      assertThat(client.readUntil("D").getLast().body()).hasSizeGreaterThan(80_000_000);
    }
  }

  private static Frame read(WireClient client) throws IOException {
    return Objects.requireNonNull(client.read());
  }

  private static int waitingToWrite() throws SQLException {
    try (var connection = pair.old.connect("postgres");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite'")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void manySessionsFitIntoTheHeap() throws Exception {
    List<WireClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < SESSIONS; i++) {
        clients.add(login());
      }
      for (WireClient client : clients) {
        assertThat(FrameText.of(client.query("SELECT 'served'"))).contains("served");
      }
    } finally {
      for (WireClient client : clients) {
        client.close();
      }
    }
  }
}
