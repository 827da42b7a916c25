package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitAnswer;
import static dev.crossfade.sidecar.MarkedPair.awaitCounted;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.flush;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A statement name means what the client last said it means, on whichever side it runs. */
class StatementNamesIT {
  private static final String FIRST = "SELECT full_name FROM customers WHERE id = $1";
  private static final String SECOND =
      "SELECT upper(full_name) || '-second' FROM customers WHERE id = $1";

  private static MarkedPair pair;
  private static Sidecar ramp;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    ramp = pair.ramp();
    try (WireClient client = client(ramp)) {
      awaitNew(ramp, client);
      awaitAnswer("NEW", () -> client.exchange(parse("", FIRST), run("", "17")));
      awaitAnswer("NEW", () -> client.exchange(parse("", SECOND), run("", "17")));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    ramp.close();
    pair.close();
  }

  private static byte[] run(String statement, String... values) {
    Parameter[] parameters = Arrays.stream(values).map(Parameter::text).toArray(Parameter[]::new);
    return join(bind("", statement, parameters), execute("", 0), sync());
  }

  private static void awaitPreparedOnNew(WireClient client, String statement) {
    awaitAnswer(MarkedPair.OF_NEW, () -> client.exchange(run(statement, "17")));
  }

  /** Every answer is the second statement's, first old's and then new's. */
  private static void assertMeansSecond(WireClient client, String statement) {
    awaitAnswer(
        "NEW",
        () -> {
          var heard = client.exchange(run(statement, "17"));
          assertThat(answer(heard)).endsWith("-second");
          return heard;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "DISCARD ALL", "DEALLOCATE ALL", "DEALLOCATE s"})
  void aNameThatIsUsedAgainMeansTheNewStatement(String ended) throws IOException {
    try (WireClient client = client(ramp)) {
      client.exchange(parse("s", FIRST), sync());
      awaitPreparedOnNew(client, "s");
      client.exchange(ended.isEmpty() ? join(closeStatement("s"), sync()) : query(ended));
      assertThat(answer(client.exchange(run("s", "17")))).isEqualTo("error 26000");
      client.exchange(parse("s", SECOND), sync());
      assertMeansSecond(client, "s");
    }
  }

  @Test
  void aNameIsGivenAgainInOneBatch() throws IOException {
    try (WireClient client = client(ramp)) {
      client.exchange(parse("s", FIRST), sync());
      awaitPreparedOnNew(client, "s");
      assertThat(answer(client.exchange(closeStatement("s"), parse("s", SECOND), run("s", "17"))))
          .endsWith("-second");
      assertMeansSecond(client, "s");
    }
  }

  @Test
  void anErrorLeavesTheNameWithWhatItMeant() throws IOException {
    try (WireClient client = client(ramp)) {
      client.exchange(parse("s", FIRST), sync());
      awaitPreparedOnNew(client, "s");
      assertThat(answer(client.exchange(parse("s", SECOND), sync()))).isEqualTo("error 42P05");
      for (int i = 0; i < 5; i++) {
        assertThat(answer(client.exchange(run("s", "17")))).endsWith("17 Family17");
      }
    }
  }

  @Test
  void aCloseThatIsSkippedLeavesTheName() throws IOException {
    try (WireClient client = client(ramp)) {
      client.exchange(parse("s", FIRST), sync());
      awaitPreparedOnNew(client, "s");
      assertThat(answer(client.exchange(parse("", "nonsense"), closeStatement("s"), sync())))
          .isEqualTo("error 42601");
      awaitCounted(ramp, () -> client.exchange(run("s", "17")));
    }
  }

  @Test
  void aQueryBehindItsParseEndsTheUnnamedStatement() throws IOException {
    try (WireClient client = client(ramp)) {
      awaitCounted(ramp, () -> client.exchange(parse("", FIRST), run("", "17")));
      client.send(parse("", FIRST), sync(), query("SELECT 1"));
      client.readUntilReady();
      client.readUntilReady();
      assertThat(answer(client.exchange(run("", "17")))).isEqualTo("error 26000");
    }
  }

  @Test
  void theUnnamedStatementIsTheLastOneThatWasParsed() throws IOException {
    byte[] first = parse("", "SELECT email || '-first' FROM customers WHERE id = 17");
    byte[] andParsedAgain =
        join(bind("", ""), execute("", 0), parse("", "SELECT 'second'"), sync());
    try (WireClient client = client(ramp);
        WireClient direct = pair.direct()) {
      awaitCounted(ramp, () -> client.exchange(first, run("")));
      client.exchange(first, sync());
      direct.exchange(first, sync());
      assertThat(FrameText.of(client.exchange(andParsedAgain)))
          .isEqualTo(FrameText.of(direct.exchange(andParsedAgain)));
      assertThat(FrameText.of(client.exchange(run(""))))
          .isEqualTo(FrameText.of(direct.exchange(run(""))));
    }
  }

  @Test
  void aLargeBindFindsTheUnnamedStatementThatOnlyNewHas() throws IOException {
    String byLength = "SELECT full_name FROM customers WHERE id = length($1)";
    try (WireClient client = client(ramp)) {
      awaitAnswer("NEW", () -> client.exchange(parse("", byLength), run("", "x".repeat(17))));
      client.exchange(parse("", "SELECT 'stale ' || length($1)"), run("", "x"));
      assertThat(answer(client.exchange(parse("", byLength), run("", "x".repeat(17)))))
          .isEqualTo(MarkedPair.OF_NEW);
      assertThat(answer(client.exchange(run("", "x".repeat(300_000))))).isEqualTo("no row");
      assertThat(answer(client.exchange(run("", "x".repeat(17))))).endsWith("17 Family17");
    }
  }

  @Test
  void aSettingThatIsCarriedOverLeavesTheUnnamedStatementAlone() throws Exception {
    try (Sidecar own = pair.ramp();
        WireClient client = client(own)) {
      awaitNew(own, client);
      client.exchange(parse("x", "SET extra_float_digits TO 2"), sync());
      awaitAnswer("NEW", () -> client.exchange(parse("", READ), run("")));
      client.exchange(run("x"));
      long before = MarkedPair.onNew(own);
      for (int i = 0; i < 4; i++) {
        assertThat(answer(client.exchange(run("")))).endsWith("17 Family17");
      }
      awaitNew(own, client);
      assertThat(answer(client.exchange(parse("", READ), run("")))).isEqualTo(MarkedPair.OF_NEW);
      assertThat(MarkedPair.onNew(own)).isGreaterThan(before);
      assertThat(Pair.metric(own, "crossfade_fallbacks_total")).isZero();
    }
  }

  @Test
  void aNameThatIsClosedBeforeItsParseIsConfirmedIsForgotten() throws Exception {
    byte[] parsed = join(parse("s", FIRST), bind("", "s", Parameter.text("17")), execute("", 0));
    try (Sidecar own = pair.ramp();
        WireClient client = client(own)) {
      awaitNew(own, client);
      for (byte[] batch :
          new byte[][] {
            join(parsed, closeStatement("s"), sync()),
            join(parsed, sync(), closeStatement("s"), sync(), sync()),
            join(parsed, flush(), closeStatement("s"), sync())
          }) {
        client.send(batch);
        client.send(query("SELECT 'end'"));
        String last = "";
        while (!last.equals("end")) {
          last = answer(client.readUntilReady());
        }
        assertThat(answer(client.exchange(run("s", "17")))).isEqualTo("error 26000");
        assertThat(Pair.metric(own, "crossfade_statement_bytes")).isZero();
      }
    }
  }

  /** New's rows tell how many statements its session holds. */
  @Test
  void namesThatComeAndGoLeaveNothingOnNew() throws Exception {
    pair.sides.target.executeIn(
        "shop2",
        "ALTER TABLE people RENAME TO people_rows",
        "CREATE VIEW people AS SELECT id, 'NEW' || (SELECT count(*) FROM pg_prepared_statements)"
            + " AS given_name, family_name, balance, created_at FROM people_rows",
        "ALTER VIEW people OWNER TO app");
    try (Sidecar own = pair.ramp();
        WireClient client = client(own)) {
      awaitAnswer("NEW", () -> client.exchange(parse("", FIRST), run("", "17")));
      String last = "";
      for (int i = 0; i < 100; i++) {
        client.exchange(parse("s" + i, FIRST), sync());
        last = answer(client.exchange(run("s" + i, "17")));
        client.exchange(
            i % 2 == 0 ? join(closeStatement("s" + i), sync()) : query("DEALLOCATE s" + i));
      }
      assertThat(last).startsWith("NEW").endsWith(" Family17");
      assertThat(Integer.parseInt(last.substring(3, last.indexOf(' ')))).isLessThan(10);
    } finally {
      pair.sides.target.executeIn(
          "shop2", "DROP VIEW people", "ALTER TABLE people_rows RENAME TO people");
    }
  }
}
