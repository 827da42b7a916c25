package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.OF_NEW;
import static dev.crossfade.sidecar.MarkedPair.OF_OLD;
import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.copyData;
import static dev.crossfade.testkit.wire.Messages.copyDone;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After a write to old that new did not get, nobody reads what is stale, however the write came.
 */
class UnmirroredWriteIT {
  private static final String UPDATE = "UPDATE customers SET email = email WHERE id = 17";
  private static final String HIDDEN =
      "WITH changed AS (" + UPDATE + " RETURNING id) SELECT id FROM changed";

  /** Beyond the batch size, so that it is passed on unread. */
  private static final String PADDING = "x".repeat(300_000);

  private static final Map<String, byte[]> WRITES = new LinkedHashMap<>();

  private static MarkedPair pair;

  static {
    WRITES.put("an update", query(UPDATE));
    WRITES.put("an update, extended", once(UPDATE));
    WRITES.put("hidden in a query", query(HIDDEN));
    WRITES.put("hidden in a query, extended", once(HIDDEN));
    WRITES.put("prepared by name", query("PREPARE w AS " + UPDATE + "; EXECUTE w"));
    WRITES.put("in a block", query("DO $$BEGIN " + UPDATE + "; END$$"));
    WRITES.put("explained", query("EXPLAIN ANALYZE " + UPDATE));
    WRITES.put("a large update", query(UPDATE + " AND email <> '" + PADDING + "'"));
    WRITES.put("a large update, extended", once(UPDATE + " AND email <> '" + PADDING + "'"));
    WRITES.put(
        "a large value",
        join(
            parse("", UPDATE + " AND email <> $1"),
            bind("", "", Parameter.text(PADDING)),
            execute("", 0),
            sync()));
    WRITES.put(
        "many rows",
        query(
            "INSERT INTO customers VALUES"
                + " (17, 'n', null, 0, now()),".repeat(12_000)
                + " (17, 'n', null, 0, now()) ON CONFLICT DO NOTHING"));
  }

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  static Stream<String> writes() {
    return WRITES.keySet().stream();
  }

  private static byte[] once(String sql) {
    return join(parse("", sql), bind("", ""), execute("", 0), sync());
  }

  private static void assertReadFromOld(WireClient client) throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(answer(client.query(READ))).isEqualTo(OF_OLD);
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void nobodyReadsWhatAWriteMadeStale(String name) throws Exception {
    try (Sidecar own = pair.ramp();
        WireClient client = client(own);
        WireClient other = client(own)) {
      awaitNew(own, client);
      awaitNew(own, other);
      assertThat(FrameText.of(client.exchange(Objects.requireNonNull(WRITES.get(name)))))
          .doesNotContain("E S=ERROR");
      assertReadFromOld(client);
      assertReadFromOld(other);
      assertThat(Pair.queries(own, "UNMIRRORED_WRITE"))
          .as("the session that wrote may have another reason")
          .isBetween(5L, 10L);
    }
  }

  /** It is run on old as one of old's own tables. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWriteInTheNewShapeCounts(boolean extended) throws Exception {
    String sql = "UPDATE contacts SET email = email WHERE person_id = 17";
    try (Sidecar own = pair.ramp();
        WireClient client = client(own);
        WireClient writer = NewShapeClients.through(own)) {
      awaitNew(own, client);
      assertThat(FrameText.of(writer.exchange(extended ? once(sql) : query(sql))))
          .contains("UPDATE 1");
      assertReadFromOld(client);
    }
  }

  /** Parsing it counts as a write, too, but only while reads go to new. */
  private static void prepareBeforeRamp(SteeredSidecar own, WireClient client, String name)
      throws Exception {
    own.use(Stage.STAGE_RAMP);
    awaitNew(own.sidecar, client);
    own.use(Stage.STAGE_SHADOW);
    client.exchange(parse(name, UPDATE), sync());
    own.use(Stage.STAGE_RAMP);
  }

  @Test
  void aWriteWhoseNameWasNotGivenAgainCounts() throws Exception {
    try (SteeredSidecar own = SteeredSidecar.start(pair.sides);
        WireClient client = client(own.sidecar)) {
      prepareBeforeRamp(own, client, "");
      assertThat(answer(client.exchange(parse("x", "nonsense"), parse("", READ), sync())))
          .isEqualTo("error 42601");
      assertThat(FrameText.of(client.exchange(bind("", ""), execute("", 0), sync())))
          .doesNotContain("E S=ERROR");
      assertReadFromOld(client);
    }
  }

  @Test
  void aWritePreparedBeforeTheRampCountsWhenItRuns() throws Exception {
    try (SteeredSidecar own = SteeredSidecar.start(pair.sides);
        WireClient client = client(own.sidecar)) {
      prepareBeforeRamp(own, client, "w");
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
      client.exchange(bind("", "w"), execute("", 0), sync());
      assertReadFromOld(client);
    }
  }

  /** After an error the server skips what is left of the batch: the statement is still there. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWriteWhoseCloseWasSkippedCounts(boolean pipelined) throws Exception {
    byte[] failed = join(parse("", "nonsense"), closeStatement("w"), sync());
    byte[] write = join(bind("", "w"), execute("", 0), sync());
    try (SteeredSidecar own = SteeredSidecar.start(pair.sides);
        WireClient client = client(own.sidecar)) {
      prepareBeforeRamp(own, client, "w");
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
      if (pipelined) {
        client.send(failed, write);
      } else {
        client.send(failed);
      }
      assertThat(answer(client.readUntilReady())).isEqualTo("error 42601");
      if (!pipelined) {
        client.send(write);
      }
      assertThat(FrameText.of(client.readUntilReady())).doesNotContain("E S=ERROR");
      assertReadFromOld(client);
    }
  }

  @Test
  void aWriteInATransactionCounts() throws Exception {
    try (Sidecar own = pair.ramp();
        WireClient client = client(own)) {
      awaitNew(own, client);
      client.query("BEGIN");
      client.query(UPDATE);
      client.query("COMMIT");
      assertReadFromOld(client);
    }
  }

  @Test
  void copiedRowsCount() throws Exception {
    try (Sidecar own = pair.ramp();
        WireClient client = client(own)) {
      awaitNew(own, client);
      client.send(query("COPY customers FROM STDIN")).readUntil("G");
      client.exchange(copyData("9001\tcopied\t\\N\t0\t2020-01-01\n"), copyDone());
      assertReadFromOld(client);
    }
  }

  @Test
  void aWriteOfSomethingElseBesideAReadDoesNotCount() throws Exception {
    pair.sides.old.executeIn("shop", "CREATE TABLE notes (note text)", "GRANT ALL ON notes TO app");
    try (Sidecar own = pair.ramp();
        WireClient client = client(own)) {
      awaitNew(own, client);
      assertThat(FrameText.of(client.query("INSERT INTO notes VALUES ('n'); " + READ)))
          .doesNotContain("E S=ERROR");
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
    }
  }

  @Test
  void aWriteInAnotherDatabaseDoesNotCount() throws Exception {
    pair.sides.old.execute("CREATE DATABASE elsewhere OWNER app");
    try (Sidecar own = pair.ramp();
        WireClient client = client(own);
        WireClient stranger = client(own, "database", "elsewhere")) {
      awaitNew(own, client);
      assertThat(FrameText.of(stranger.query("CREATE TABLE customers (id int)")))
          .doesNotContain("E S=ERROR");
      assertThat(FrameText.of(stranger.query("INSERT INTO customers VALUES (1)")))
          .doesNotContain("E S=ERROR");
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
    }
  }
}
