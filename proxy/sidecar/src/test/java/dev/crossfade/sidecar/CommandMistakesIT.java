package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.CommandsIT.error;
import static dev.crossfade.sidecar.CommandsIT.last;
import static dev.crossfade.sidecar.CommandsIT.types;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that fail, and what that does to the transaction around them. */
class CommandMistakesIT {
  private static final String STATUS = "SHOW CROSSFADE.STATUS";

  private static MarkedPair pair;
  private static Sidecar on;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    on = pair.sides.sidecar("RAMP", "100%", "random", CommandsIT.ENABLED);
  }

  @AfterAll
  static void stop() throws Exception {
    on.close();
    pair.close();
  }

  @Test
  void anImplicitTransactionStaysWhole() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      List<Frame> frames =
          client.exchange(
              Messages.parse("", "INSERT INTO audit (note) VALUES ('undone by a mistake')"),
              Messages.bind("", ""),
              Messages.execute("", 0),
              Messages.parse("", "SHOW CROSSFADE.STATUZ"),
              Messages.sync());
      assertThat(types(frames)).isEqualTo("12CEZ");
      assertThat(last(frames).status()).isEqualTo('I');
      assertThat(
              MarkedPair.answer(
                  client.query("SELECT count(*) FROM audit WHERE note = 'undone by a mistake'")))
          .isEqualTo("0");
    }
  }

  @Test
  void aFailedTransactionRefusesThemInTheServersWords() throws Exception {
    try (WireClient client = MarkedPair.client(on);
        WireClient direct = pair.direct()) {
      for (WireClient each : List.of(client, direct)) {
        each.query("BEGIN");
        each.query("SELECT nothing_such");
      }
      String server = error(direct.query("SHOW work_mem")).fields().get('M');
      List<Frame> simple = client.query(STATUS);
      assertThat(types(simple)).isEqualTo("EZ");
      assertThat(error(simple).sqlState()).isEqualTo("25P02");
      assertThat(error(simple).fields().get('M')).isEqualTo(server);
      List<Frame> extended =
          client.exchange(
              Messages.parse("", STATUS),
              Messages.bind("", ""),
              Messages.execute("", 0),
              Messages.sync());
      assertThat(types(extended)).isEqualTo("EZ");
      assertThat(error(extended).fields().get('M')).isEqualTo(server);
      assertThat(last(extended).status()).isEqualTo('E');
      assertThat(last(client.query("ROLLBACK")).status()).isEqualTo('I');
      assertThat(types(client.query(STATUS))).matches("TD+CZ");
    }
  }

  @Test
  void mistakesAreToldWithTheirPlace() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      assertMistake(client.query("/* é */ SHOW CROSSFADE.statuz"), "24", "statuz");
      assertMistake(client.query("SHOW CROSSFADE"), "15", "what to show");
      assertMistake(client.query("SHOW CROSSFADE.STATUS now"), "23", "now");
      assertMistake(client.query("SHOW CROSSFADE STATUS"), "16", "STATUS");
      assertMistake(client.query("explain crossfade;"), "18", "needs a statement");
      List<Frame> extended =
          client.exchange(
              Messages.parse("", "SHOW CROSSFADE.x"), Messages.bind("", ""), Messages.sync());
      assertThat(types(extended)).isEqualTo("EZ");
      assertMistake(extended, "16", "x");
      assertThat(types(client.query(STATUS))).matches("TD+CZ");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMistakeFailsItsTransaction(boolean simple) throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      client.query("BEGIN");
      List<Frame> frames =
          simple
              ? client.query("SHOW CROSSFADE.x")
              : client.exchange(Messages.parse("", "SHOW CROSSFADE.x"), Messages.sync());
      assertThat(types(frames)).isEqualTo("EZ");
      assertThat(last(frames).status()).isEqualTo('E');
      assertThat(error(client.query("SELECT 1")).sqlState()).isEqualTo("25P02");
      assertThat(last(client.query("ROLLBACK")).status()).isEqualTo('I');
    }
  }

  @Test
  void aClientThatFlushesIsAnsweredAtOnce() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      for (String begin : List.of("SELECT 1", "BEGIN")) {
        char status = begin.equals("BEGIN") ? 'T' : 'I';
        client.query(begin);
        client.send(Messages.parse("f", STATUS), Messages.describeStatement("f"), Messages.flush());
        assertThat(types(client.read(3))).isEqualTo("1tT");
        List<Frame> rows =
            client.exchange(Messages.bind("", "f"), Messages.execute("", 0), Messages.sync());
        assertThat(types(rows)).matches("2D+CZ");
        assertThat(last(rows).status()).isEqualTo(status);
        client.exchange(Messages.closeStatement("f"), Messages.sync());
        client.send(
            Messages.parse("f", "SHOW CROSSFADE.x"),
            Messages.describeStatement("f"),
            Messages.flush());
        assertThat(types(client.read(1))).isEqualTo("E");
        client.send(Messages.bind("", "f"), Messages.flush(), Messages.query("SELECT 'skipped'"));
        List<Frame> ended = client.exchange(Messages.execute("", 0), Messages.sync());
        assertThat(types(ended)).isEqualTo("Z");
        assertThat(last(ended).status()).isEqualTo(status == 'T' ? 'E' : 'I');
        client.query("ROLLBACK");
        assertThat(MarkedPair.answer(client.query("SELECT 'well'"))).isEqualTo("well");
      }
    }
  }

  @Test
  void oneCommandTooManyIsAnErrorAndNoMore() throws Exception {
    try (WireClient client = MarkedPair.client(on)) {
      for (int i = 0; i < 64; i++) {
        assertThat(types(client.exchange(Messages.parse("s" + i, STATUS), Messages.sync())))
            .isEqualTo("1Z");
      }
      List<Frame> refused = client.exchange(Messages.parse("more", STATUS), Messages.sync());
      assertThat(error(refused).fields().get('M')).contains("too many");
      client.exchange(Messages.closeStatement("s7"), Messages.sync());
      assertThat(types(client.exchange(Messages.parse("more", STATUS), Messages.sync())))
          .isEqualTo("1Z");
    }
    Await.until(
        "their memory to be given back",
        Duration.ofSeconds(8),
        () -> Pair.metric(on, "crossfade_statement_bytes") == 0);
  }

  private static void assertMistake(List<Frame> frames, String position, String named) {
    assertThat(error(frames).fields())
        .containsEntry('S', "ERROR")
        .containsEntry('C', "42601")
        .containsEntry('P', position);
    assertThat(error(frames).fields().get('M')).contains(named);
    assertThat(error(frames).fields().get('H')).contains("SHOW CROSSFADE.STATUS, ROUTES");
    assertThat(last(frames).status()).isEqualTo('I');
  }
}
