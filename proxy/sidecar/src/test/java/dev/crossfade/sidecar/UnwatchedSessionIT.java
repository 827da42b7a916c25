package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitAnswer;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.wire.WireClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session did while nothing was read from new counts once its reads may go there. */
class UnwatchedSessionIT {
  private static final String TEMP =
      "CREATE TEMP TABLE customers (id bigint, full_name varchar(80))";
  private static final String ROW = "INSERT INTO customers VALUES (17, 'TEMP')";

  /** Each makes the name {@code customers} mean another table; after each name, what it has. */
  private static final Map<String, byte[]> CHANGES = new LinkedHashMap<>();

  private static MarkedPair pair;

  static {
    CHANGES.put("TEMP by one query", query(TEMP + "; " + ROW));
    CHANGES.put("TEMP by a batch", join(once(TEMP), once(ROW)));
    CHANGES.put(
        "TEMP by a query's result",
        query("SELECT 17::bigint AS id, 'TEMP'::varchar(80) AS full_name INTO TEMP customers"));
    CHANGES.put("OTHER by a setting", query("SET search_path TO other"));
    CHANGES.put("OTHER by a function", query("SELECT set_config('search_path', 'other', false)"));
    CHANGES.put("OTHER by a batch", once("SET search_path TO other"));
    CHANGES.put("OTHER by another role", query("SET ROLE app; SET search_path TO other"));
  }

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  static Stream<String> changes() {
    return CHANGES.keySet().stream();
  }

  private static byte[] once(String sql) {
    return join(parse("", sql), bind("", ""), execute("", 0), sync());
  }

  @ParameterizedTest
  @MethodSource("changes")
  void beforeAnyLensIsKnown(String change) throws Exception {
    try (SteeredSidecar own = SteeredSidecar.start(pair.sides);
        WireClient client = client(own.sidecar)) {
      change(client, change);
      own.use(Stage.STAGE_RAMP);
      assertSeen(own, client, change);
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void whileNewIsOnlyShadowed(String change) throws Exception {
    try (SteeredSidecar own = SteeredSidecar.start(pair.sides);
        WireClient client = client(own.sidecar)) {
      own.use(Stage.STAGE_RAMP);
      awaitNew(own.sidecar, client);
      own.use(Stage.STAGE_SHADOW);
      change(client, change);
      own.use(Stage.STAGE_RAMP);
      assertSeen(own, client, change);
    }
  }

  private static void change(WireClient client, String change) throws Exception {
    byte[] batches = Objects.requireNonNull(CHANGES.get(change));
    client.exchange(batches);
    if (change.equals("TEMP by a batch")) {
      client.readUntilReady();
    }
    assertThat(answer(client.query(READ))).isEqualTo(change.substring(0, change.indexOf(' ')));
  }

  private static void assertSeen(SteeredSidecar own, WireClient client, String change)
      throws Exception {
    try (WireClient other = client(own.sidecar)) {
      awaitNew(own.sidecar, other);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(answer(client.query(READ))).isEqualTo(change.substring(0, change.indexOf(' ')));
    }
  }

  @Test
  void aStatementPreparedBeforeIsReadFromNewOnceItMayBe() throws Exception {
    try (SteeredSidecar own = SteeredSidecar.start(pair.sides);
        WireClient client = client(own.sidecar)) {
      client.exchange(parse("s", READ), sync());
      byte[] run = join(bind("", "s"), execute("", 0), sync());
      assertThat(answer(client.exchange(run))).isEqualTo(MarkedPair.OF_OLD);
      own.use(Stage.STAGE_RAMP);
      for (int i = 0; i < 5; i++) {
        assertThat(answer(client.exchange(run))).endsWith("17 Family17");
      }
      awaitNew(own.sidecar, client);
    }
  }

  @Test
  void aStatementFollowsTheLensThatIsInForce() throws Exception {
    String next = Pair.LENS.replace("p.given_name ||", "'V2-' || p.given_name ||");
    try (SteeredSidecar own = SteeredSidecar.start(pair.sides);
        WireClient client = client(own.sidecar)) {
      own.use(Stage.STAGE_RAMP);
      client.exchange(parse("s", READ), sync());
      byte[] run = join(bind("", "s"), execute("", 0), sync());
      awaitAnswer(MarkedPair.OF_NEW, () -> client.exchange(run));
      own.use(next, Stage.STAGE_RAMP);
      awaitAnswer(
          "V2-",
          () -> {
            var heard = client.exchange(run);
            assertThat(answer(heard)).isIn(MarkedPair.OF_OLD, "V2-" + MarkedPair.OF_NEW);
            return heard;
          });
      own.use(Stage.STAGE_RAMP);
      awaitAnswer(
          MarkedPair.OF_NEW,
          () -> {
            var heard = client.exchange(run);
            assertThat(answer(heard)).isIn(MarkedPair.OF_OLD, MarkedPair.OF_NEW);
            return heard;
          });
    }
  }
}
