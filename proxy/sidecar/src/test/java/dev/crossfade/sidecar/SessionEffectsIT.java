package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.awaitCounted;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.flush;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever way a statement changes what later reads of its session mean, they mean that. The same
 * conversation with old itself says what is right.
 */
class SessionEffectsIT {
  private static final String TO_OTHER = "SET search_path TO other";
  private static final String CONFIG_OTHER = "SELECT set_config('search_path', 'other', false)";
  private static final String TIME = "SELECT created_at::text FROM customers WHERE id = 17";
  private static final String BYTES = "SELECT email::bytea FROM customers WHERE id = 17";
  private static final String PADDING = "x".repeat(300_000);

  private static final Map<String, Scene> SCENES = new LinkedHashMap<>();

  private static MarkedPair pair;

  /** A conversation, and a read that new answered before it and that is repeated after it. */
  private record Scene(String read, String limit, Conversations.Script conversation) {}

  static {
    // Each leaves the session with another table of that name.
    other("several statements", query(CONFIG_OTHER + "; SELECT 1"));
    other("the last of several", query("SELECT 1; " + TO_OTHER));
    other("several statements, one failed", query("BEGIN; " + TO_OTHER + "; COMMIT; SELECT 1/0"));
    other("a large statement", query("SET /*" + PADDING + "*/ search_path TO other"));
    other("a large batch", once("SET /*" + PADDING + "*/ search_path TO other"));
    other("an update of the settings", query(updated("search_path", "other")));
    other("a block", query(block("search_path", "other")));
    other("a procedure", query("CALL public.go('other')"));
    other("a function over the mapped table", query(CONFIG_OTHER + " FROM customers LIMIT 1"));
    other("a prepared function", query("PREPARE p AS " + CONFIG_OTHER), query("EXECUTE p"));
    other(
        "a cursor", query("BEGIN; DECLARE c CURSOR FOR " + CONFIG_OTHER), query("FETCH c"), end());
    other("a temporary copy", query(temp("CREATE TEMP TABLE customers AS SELECT %s")));
    other("a temporary view", query(temp("CREATE TEMP VIEW customers AS SELECT %s")));
    other("a temporary result", query(temp("SELECT %s INTO TEMP customers")));
    other("a temporary result, extended", once(temp("SELECT %s INTO TEMP customers")));
    other(
        "a hidden temporary table",
        query(
            temp(
                "DO 'BEGIN CREATE TEMP TABLE customers AS"
                    + " SELECT 17::bigint AS id, ''TEMP''::varchar(80) AS full_name; END'")));
    script("a flush before it runs", READ, client -> flushed(client, CONFIG_OTHER));
    script("a flush before it is set", READ, client -> flushed(client, TO_OTHER));
    script("one write, two batches", READ, SessionEffectsIT::inTwoBatches);
    script("a query inside a batch", READ, SessionEffectsIT::inAnOpenBatch);
    SCENES.put(
        "a statement that is not remembered",
        new Scene(READ, "preparedStatements: 1", SessionEffectsIT::unremembered));

    settings("commit and chain", BYTES, begin(), escape(), query("COMMIT AND CHAIN"), rollback());
    settings("roll back and chain", BYTES, begin(), escape(), query("ROLLBACK AND CHAIN"), end());
    settings("roll back and begin", BYTES, begin(), escape(), query("ROLLBACK; BEGIN"), end());
    settings("commit and begin", BYTES, begin(), escape(), query("COMMIT; BEGIN"), rollback());
    settings("a failed transaction", BYTES, begin(), escape(), query("SELECT 1/0"), end());
    settings(
        "a savepoint",
        BYTES,
        begin(),
        query("SAVEPOINT a"),
        escape(),
        query("ROLLBACK TO a"),
        end());
    settings(
        "for one transaction",
        BYTES,
        begin(),
        query("SET LOCAL bytea_output TO escape"),
        query("COMMIT AND CHAIN"),
        end());
    settings(
        "all in one",
        BYTES,
        query("BEGIN; SET bytea_output TO escape; COMMIT AND CHAIN; ROLLBACK"));
    settings("an unreported setting in a block", BYTES, query(block("bytea_output", "escape")));
    settings("an unreported setting by update", BYTES, query(updated("bytea_output", "escape")));

    settings("reset of one", TIME, query("RESET TimeZone"));
    settings("default of one", TIME, query("SET TimeZone TO DEFAULT"));
    settings("default of one in words", TIME, query("SET TIME ZONE DEFAULT"));
    settings("local", TIME, query("SET TIME ZONE LOCAL"));
    settings(
        "set, then reset", TIME, query("SET TimeZone TO 'Europe/Rome'"), query("RESET TimeZone"));
    settings(
        "set, then reset together", TIME, query("SET TimeZone TO 'Europe/Rome'; RESET TimeZone"));
    settings("reset of all", TIME, query("RESET ALL"));
    settings("discard", TIME, query("DISCARD ALL"));
    settings(
        "reset, rolled back",
        TIME,
        query("SET TimeZone TO 'Europe/Rome'"),
        begin(),
        query("RESET TimeZone"),
        rollback());
    settings("the time zone in a block", TIME, query(block("TimeZone", "America/New_York")));
    settings("the time zone by update", TIME, query(updated("TimeZone", "America/New_York")));
    settings(
        "the time zone in a prepared statement", TIME, once("SET TimeZone TO 'America/New_York'"));
  }

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    pair.sides.old.executeIn(
        "shop",
        "ALTER DATABASE shop SET TimeZone TO 'Asia/Tokyo'",
        "CREATE PROCEDURE public.go(path text) LANGUAGE plpgsql AS $$BEGIN PERFORM"
            + " set_config('search_path', path, false); END$$");
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  static Stream<String> scenes() {
    return SCENES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void laterReadsMeanWhatTheyMeanOnOld(String name) throws Exception {
    Scene scene = Objects.requireNonNull(SCENES.get(name), name);
    try (Sidecar own = scene.limit.isEmpty() ? pair.ramp() : pair.ramp(scene.limit);
        WireClient client = client(own);
        WireClient direct = pair.direct()) {
      awaitNew(own, client);
      awaitCounted(own, () -> client.query(scene.read));
      assertThat(text(scene.conversation.hold(client)))
          .isEqualTo(text(scene.conversation.hold(direct)));
      String expected = text(direct.query(scene.read));
      for (int i = 0; i < 5; i++) {
        assertThat(text(client.query(scene.read))).isEqualTo(expected);
      }
    }
  }

  /** Without the numbers of tables, which are each session's own for temporary ones. */
  private static String text(List<Frame> frames) {
    return FrameText.of(frames).replaceAll("table=\\d+", "table");
  }

  private static void other(String name, byte[]... batches) {
    settings(name, READ, batches);
  }

  private static void settings(String name, String read, byte[]... batches) {
    script(
        name,
        read,
        client -> {
          List<Frame> heard = new ArrayList<>();
          for (byte[] batch : batches) {
            heard.addAll(client.exchange(batch));
          }
          return heard;
        });
  }

  private static void script(String name, String read, Conversations.Script conversation) {
    SCENES.put(name, new Scene(read, "", conversation));
  }

  private static byte[] once(String sql) {
    return join(parse("", sql), bind("", ""), execute("", 0), sync());
  }

  private static String block(String setting, String value) {
    return "DO $$BEGIN PERFORM set_config('%s', '%s', false); END$$".formatted(setting, value);
  }

  private static String updated(String setting, String value) {
    return "UPDATE pg_settings SET setting = '%s' WHERE name = '%s'".formatted(value, setting);
  }

  private static String temp(String sql) {
    return sql.replace("%s", "17::bigint AS id, 'TEMP'::varchar(80) AS full_name");
  }

  private static byte[] begin() {
    return query("BEGIN");
  }

  private static byte[] end() {
    return query("COMMIT");
  }

  private static byte[] rollback() {
    return query("ROLLBACK");
  }

  private static byte[] escape() {
    return query("SET bytea_output TO escape");
  }

  private static List<Frame> flushed(WireClient client, String sql) throws IOException {
    client.send(parse("x", sql), describeStatement("x"), flush());
    List<Frame> heard = new ArrayList<>(client.read(3));
    heard.addAll(client.exchange(bind("", "x"), execute("", 0), sync()));
    return heard;
  }

  private static List<Frame> inTwoBatches(WireClient client) throws IOException {
    List<Frame> heard =
        new ArrayList<>(
            client.exchange(parse("x", TO_OTHER), sync(), bind("", "x"), execute("", 0), sync()));
    heard.addAll(client.readUntilReady());
    return heard;
  }

  private static List<Frame> inAnOpenBatch(WireClient client) throws IOException {
    List<Frame> heard = new ArrayList<>(client.exchange(parse("", "SELECT 1"), query(TO_OTHER)));
    heard.addAll(client.exchange(sync()));
    return heard;
  }

  private static List<Frame> unremembered(WireClient client) throws IOException {
    List<Frame> heard = new ArrayList<>(client.exchange(parse("s", READ), sync()));
    heard.addAll(client.exchange(parse("x", TO_OTHER), sync()));
    heard.addAll(client.exchange(bind("", "x"), execute("", 0), sync()));
    return heard;
  }
}
