package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SHOW CROSSFADE.CLIENTS across event loops. */
class ClientListIT {
  private static final String CLIENTS = "SHOW CROSSFADE.CLIENTS";

  private static MarkedPair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    sidecar =
        pair.sides.sidecar("RAMP", "100%", "random", CommandsIT.ENABLED + "\nlimits: {loops: 3}");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  /** The row of the client with this application_name. */
  private static Optional<Frame> row(WireClient asking, String application) throws Exception {
    return asking.query(CLIENTS).stream()
        .filter(frame -> frame.type() == 'D' && application.equals(frame.text(3)))
        .findFirst();
  }

  private static void await(WireClient asking, String application, int column, String value) {
    Await.until(
        application + " to show " + value,
        Duration.ofSeconds(8),
        () -> row(asking, application).filter(row -> value.equals(row.text(column))).isPresent());
  }

  @Test
  void eachIsListedWithWhatItDoes() throws Exception {
    try (WireClient asking = MarkedPair.client(sidecar, "application_name", "asking");
        WireClient second = MarkedPair.client(sidecar, "application_name", "second");
        WireClient third = MarkedPair.client(sidecar, "application_name", "third")) {
      Frame own = row(asking, "asking").orElseThrow();
      assertThat(own.text(1)).isEqualTo("app");
      assertThat(own.text(2)).isEqualTo("shop");
      assertThat(own.text(4)).matches("127\\.0\\.0\\.1:\\d+");
      assertThat(own.text(5)).matches("20..-..-..T.*Z");
      assertThat(own.text(6)).isEqualTo("none");
      assertThat(own.text(7)).isEqualTo("sidecar");
      assertThat(own.text(9)).isEqualTo("no");
      await(asking, "second", 8, "yes");
      second.query("SET search_path = other");
      await(asking, "second", 9, "yes");
      second.query("SET application_name = 'renamed'");
      await(asking, "renamed", 7, "client");
      second.query("BEGIN");
      await(asking, "renamed", 6, "open");
      second.query("SELECT nothing_such");
      await(asking, "renamed", 6, "failed");
      third.send(Messages.query("SELECT 'a secret value', pg_sleep(30)"));
      await(asking, "third", 7, "old");
      assertThat(asking.query(CLIENTS).toString()).doesNotContain("secret").doesNotContain("sleep");
      WireClient.connect("127.0.0.1", sidecar.address().getPort())
          .send(Messages.cancel(third.key()))
          .close();
      third.readUntilReady();
      await(asking, "third", 7, "client");
    }
  }

  @Test
  void manyAreListedInTheOrderTheyCame() throws Exception {
    List<WireClient> many = new ArrayList<>();
    try (Sidecar own = pair.sides.sidecar("OFF", "0%", "random", CommandsIT.ENABLED)) {
      for (int i = 0; i < 12; i++) {
        many.add(MarkedPair.client(own));
      }
      List<Frame> frames = many.getLast().query(CLIENTS);
      assertThat(
              frames.stream()
                  .filter(frame -> frame.type() == 'D')
                  .map(frame -> Long.parseLong(frame.text(0))))
          .hasSize(12)
          .isSorted();
      assertThat(frames.stream().filter(frame -> frame.type() == 'N')).isEmpty();
    } finally {
      for (WireClient client : many) {
        client.close();
      }
    }
  }

  @Test
  void psqlPrintsThem() throws Exception {
    String psql = Tools.require("psql");
    ProcessBuilder builder =
        new ProcessBuilder(
                psql,
                "-X",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(sidecar.address().getPort()),
                "-U",
                Pair.USER,
                "-d",
                "shop",
                "-c",
                "SHOW CROSSFADE.STATUS;",
                "-c",
                CLIENTS,
                "-c",
                "SHOW CROSSFADE.ROUTES",
                "-c",
                "EXPLAIN CROSSFADE " + MarkedPair.READ + ';',
                "-c",
                "SHOW CROSSFADE.TABLES")
            .redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output)
        .contains("service", "shop", "waits_for", "psql", "plan_hits", "translated", "IN_SHARE")
        .contains("unrecognized Crossfade topic \"TABLES\"")
        .contains("HINT:  Crossfade knows SHOW CROSSFADE.STATUS, ROUTES, MIGRATIONS or CLIENTS")
        .contains("LINE 1: SHOW CROSSFADE.TABLES\n                       ^");
  }
}
