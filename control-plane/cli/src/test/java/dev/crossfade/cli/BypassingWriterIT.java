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
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a batch job that goes straight to a database to what an operator sees of it. */
class BypassingWriterIT {
  private static final Pattern READY = Pattern.compile("sidecar ready on 127\\.0\\.0\\.1:(\\d+)");
  private static final String USER = "app";
  private static final String PASSWORD = "s3cret";
  private static final Duration SOON = Duration.ofSeconds(40);

  /** What is promised. */
  private static final Duration REPORTED_WITHIN = Duration.ofSeconds(5);

  @TempDir private Path folder;

  @Test
  void whoWritesPastTheSidecarIsReportedWithinFiveSeconds() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.builder().role(USER, PASSWORD).start();
        LiveControlPlane live = LiveControlPlane.start()) {
      prepare(server);
      String file = live.file(LiveControlPlane.MIGRATION).toString();
      String[] sides = {"--old", url(server, "shop"), "--new", url(server, "shop2")};
      assertThat(mirror("install", file, sides).err()).isEmpty();
      grant(server, "shop");
      grant(server, "shop2");
      live.ctl("apply", "-f", file);
      live.ctl("stage", "DUAL_WRITE");
      try (ChildJvm sidecar = sidecar(server, live.port())) {
        Matcher ready = READY.matcher(sidecar.readyLine());
        assertThat(ready.find()).isTrue();
        int port = Integer.parseInt(ready.group(1));
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> assertThat(live.ctl("sidecars").out()).containsPattern("in force +2"));
        try (WireClient client = WireClient.connect("127.0.0.1", port)) {
          client.login("shop", USER, PASSWORD);
          client.query("DISCARD ALL");
          client.query("INSERT INTO customers VALUES (3, 'c')");
        }
        awaitName(server, 3, "c");
        assertThat(live.ctl("show").out()).doesNotContain("BYPASSING_WRITER");

        server.executeIn(
            "shop",
            "SET application_name = 'nightly'",
            "INSERT INTO customers VALUES (4, 'd'), (5, 'e')");
        await()
            .atMost(REPORTED_WITHIN)
            .pollInterval(Duration.ofMillis(50))
            .untilAsserted(
                () ->
                    assertThat(live.ctl("show").out())
                        .containsPattern(
                            "notice +shop/\\S+ BYPASSING_WRITER split-customers: 2 changes of"
                                + " public.customers came past every sidecar since \\S+, the last"
                                + " at \\S+, by postgres/nightly: "));
        assertThat(live.ctl("sidecars").out()).contains("BYPASSING_WRITER split-customers: 2");
        assertThat(live.ctl("sidecars", "-o", "json").out()).contains("BYPASSING_WRITER");
        assertThat(mirror("status", file, sides).out())
            .contains(
                "2 changes of public.customers came past every sidecar on old, by"
                    + " postgres/nightly, the last of them ");
        assertThat(mirror("status", file, sides).exitCode()).isZero();
        awaitName(server, 5, "e");
      }
    }
  }

  private static void awaitName(EmbeddedServer server, int id, String name) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              try (var connection = server.connect("shop2");
                  var result =
                      connection
                          .createStatement()
                          .executeQuery("SELECT name FROM people WHERE id = " + id)) {
                return result.next() && name.equals(result.getString(1));
              }
            });
  }

  private static LiveControlPlane.Outcome mirror(String command, String file, String... sides) {
    return LiveControlPlane.ctl(
        Map.of(), "mirror", command, file, sides[0], sides[1], sides[2], sides[3]);
  }

  private static String url(EmbeddedServer server, String database) {
    return "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database;
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

  private static void grant(EmbeddedServer server, String database) throws Exception {
    server.executeIn(
        database,
        "GRANT USAGE ON SCHEMA crossfade TO app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crossfade TO app",
        "GRANT SELECT ON ALL SEQUENCES IN SCHEMA crossfade TO app");
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
            mirror: {old: {user: app, password: s3cret}, new: {user: app, password: s3cret}}
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
