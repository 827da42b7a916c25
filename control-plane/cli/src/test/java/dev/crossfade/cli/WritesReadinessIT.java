package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.sidecar.SidecarMain;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.wire.WireClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a client's writes through a sidecar, both databases and a control plane to the report. */
class WritesReadinessIT {
  private static final Pattern READY = Pattern.compile("sidecar ready on 127\\.0\\.0\\.1:(\\d+)");
  private static final String USER = "app";
  private static final String PASSWORD = "s3cret";

  @TempDir private Path folder;

  @Test
  void onlyWritesThatNewCouldNotCarryOutKeepAMigrationFromLive() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.builder().role(USER, PASSWORD).start();
        LiveControlPlane live = LiveControlPlane.start()) {
      prepare(server);
      live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
      try (ChildJvm sidecar = sidecar(server, live.port())) {
        Matcher ready = READY.matcher(sidecar.readyLine());
        assertThat(ready.find()).isTrue();
        int port = Integer.parseInt(ready.group(1));
        await()
            .atMost(Duration.ofSeconds(40))
            .untilAsserted(
                () -> assertThat(live.ctl("sidecars").out()).containsPattern("in force +1"));
        try (WireClient client = WireClient.connect("127.0.0.1", port)) {
          client.login("shop", USER, PASSWORD);
          client.query("SELECT full_name FROM customers WHERE id = 1");
          client.query("UPDATE customers SET full_name = 'b' WHERE id = 1");
          client.query("INSERT INTO customers VALUES (3, 'c')");
          client.query("SELECT id FROM customers WHERE id = 1 FOR UPDATE");
          client.query("DELETE FROM customers WHERE ctid = '(0,9)'");
        }
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () ->
                    assertThat(live.ctl("readiness").out())
                        .containsPattern("reads +1 +1 \\(100.0%\\) +1 +1 \\(100.0%\\)")
                        .containsPattern("writes +4 +3 \\(75.0%\\) +4 +3 \\(75.0%\\)")
                        .containsPattern("SHADOW +nothing that was seen")
                        .containsPattern("RAMP +nothing that was seen")
                        .containsPattern("LIVE +1 statement\n"));
        assertThat(live.ctl("readiness").out())
            .contains("SYSTEM_COLUMN (ctid): new's rows have other system columns; blocks LIVE")
            .contains("  delete from customers where ctid = ?s\n" + " ".repeat(30) + "^");
        assertThat(live.ctl("readiness", "--all").out())
            .containsPattern("translated\n  shop, write, 1 times, .*\n  update customers set")
            .containsPattern(
                "translated\n  shop, write, 1 times, .*\n  select id from customers where id = \\?4"
                    + " for update");
      }
    }
  }

  private static void prepare(EmbeddedServer server) throws Exception {
    server.execute("CREATE DATABASE shop OWNER app", "CREATE DATABASE shop2 OWNER app");
    server.executeIn(
        "shop",
        "CREATE TABLE customers (id bigint PRIMARY KEY, full_name text)",
        "INSERT INTO customers VALUES (1, 'a'), (2, 'b')",
        "GRANT ALL ON customers TO app");
    server.executeIn(
        "shop2",
        "CREATE TABLE people (id bigint PRIMARY KEY, name text)",
        "INSERT INTO people VALUES (1, 'a'), (2, 'b')",
        "GRANT ALL ON people TO app");
  }

  private ChildJvm sidecar(EmbeddedServer server, int controlPlane) throws Exception {
    String database = "{host: 127.0.0.1, port: %d, database: %s, user: app, password: s3cret}";
    Path config =
        Files.writeString(
            folder.resolve("sidecar.yaml"),
            """
            service: shop
            listen: {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            old: %s
            new: %s
            stateDirectory: state
            controlPlane: {port: %d}
            """
                .formatted(
                    database.formatted(server.port(), "shop"),
                    database.formatted(server.port(), "shop2"),
                    controlPlane));
    return ChildJvm.of(SidecarMain.class)
        .jvmArguments("-Xmx64m", "--enable-native-access=ALL-UNNAMED")
        .arguments("--config", config.toString())
        .readyWhenPrints("sidecar ready on")
        .start();
  }
}
