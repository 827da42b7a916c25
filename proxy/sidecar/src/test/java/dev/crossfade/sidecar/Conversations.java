package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.copyData;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.raw;
import static dev.crossfade.testkit.wire.Messages.sync;
import static dev.crossfade.testkit.wire.Messages.terminate;
import static dev.crossfade.testkit.wire.Parameter.text;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What clients say to a server, in every corner of the protocol. Each conversation says the same
 * every time and leaves nothing behind, so that it can be held with the server itself and through a
 * proxy, and the answers compared. Columns of tables that a conversation creates are selected as
 * expressions only: the object id of the table differs every time.
 */
final class Conversations {
  /** A client's part. */
  @FunctionalInterface
  interface Script {
    /**
     * Speaks on a fresh session.
     *
     * @return everything the server answered
     */
    List<Frame> hold(WireClient client) throws IOException;

    /** Each batch is sent when the one before it was answered up to ReadyForQuery. */
    static Script exchanges(byte[]... batches) {
      return client -> {
        List<Frame> heard = new ArrayList<>();
        for (byte[] batch : batches) {
          heard.addAll(client.exchange(batch));
        }
        return heard;
      };
    }
  }

  private static final Map<String, Script> ALL = new LinkedHashMap<>();

  static {
    ALL.putAll(ExtendedConversations.ALL);
    simpleQueries();
    errors();
    largeMessages();
    ends();
  }

  private Conversations() {}

  static Stream<String> names() {
    return ALL.keySet().stream();
  }

  /** Whether the client's own part is too long to be cut into single bytes. */
  static boolean saysMuch(String name) {
    return name.contains("megabyte");
  }

  static Script named(String name) {
    return Objects.requireNonNull(ALL.get(name), name);
  }

  private static void simpleQueries() {
    queries(
        "rows, NULL, no columns, no rows",
        "SELECT 1 AS a, NULL::text, 'é'",
        "SELECT",
        "SELECT 1 WHERE false");
    queries(
        "several statements in one",
        "SELECT 1; SELECT 'two'; CREATE TEMP TABLE t (x int); INSERT INTO t VALUES (1), (2)");
    queries("empty queries", "", " ; ; ", "-- nothing");
    queries(
        "notices and warnings",
        "DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two' USING HINT = 'h'; END $$",
        "DROP TABLE IF EXISTS no_such_table");
    queries(
        "settings are reported",
        "SET application_name = 'me'",
        "SET TimeZone = 'Asia/Tokyo'",
        "BEGIN; SET LOCAL DateStyle = 'German'; COMMIT",
        "RESET ALL");
    queries(
        "transactions",
        "BEGIN",
        "SELECT 1",
        "SELECT 1/0",
        "SELECT 2",
        "COMMIT",
        "BEGIN READ ONLY",
        "SELECT 3",
        "SAVEPOINT s",
        "SELECT nope",
        "ROLLBACK TO s",
        "SELECT 4",
        "END");
    queries(
        "prepared by SQL",
        "PREPARE p (int) AS SELECT $1 + 1",
        "EXECUTE p(41)",
        "DEALLOCATE p",
        "EXECUTE p(41)");
    queries(
        "cursors by SQL",
        "BEGIN; DECLARE c CURSOR FOR SELECT i FROM generate_series(1, 10) i",
        "FETCH 3 FROM c",
        "MOVE 2 IN c; FETCH ALL FROM c",
        "COMMIT",
        "FETCH 1 FROM c");
    queries(
        "notifications",
        "LISTEN here",
        "NOTIFY here, 'one'; NOTIFY here, 'two'",
        "BEGIN; NOTIFY here, 'three'",
        "COMMIT",
        "UNLISTEN *");
    queries(
        "a client encoding that is not UTF-8",
        "SET client_encoding = 'LATIN1'",
        "SELECT U&'\\00e9'",
        "SELECT '€'");
    queries(
        "statements that need a session of their own",
        "CREATE TEMP TABLE t AS SELECT 1 AS x",
        "SELECT x + 0 FROM t",
        "SELECT pg_advisory_lock(1), pg_advisory_unlock(1)",
        "DISCARD ALL",
        "SELECT x + 0 FROM t");
    ALL.put(
        "a function call",
        client -> {
          byte[] body =
              ByteBuffer.allocate(28)
                  .putInt(177)
                  .putShort((short) 1)
                  .putShort((short) 1)
                  .putShort((short) 2)
                  .putInt(4)
                  .putInt(40)
                  .putInt(4)
                  .putInt(2)
                  .putShort((short) 1)
                  .array();
          return client.exchange(raw('F', body));
        });
  }

  private static void queries(String name, String... statements) {
    ALL.put(
        name,
        client -> {
          List<Frame> heard = new ArrayList<>();
          for (String statement : statements) {
            heard.addAll(client.query(statement));
          }
          return heard;
        });
  }

  private static void exchanges(String name, byte[]... batches) {
    ALL.put(name, Script.exchanges(batches));
  }

  private static void errors() {
    queries(
        "errors with positions and details",
        "SELECT 1 +",
        "SELECT nope FROM pg_class",
        "SELECT 'x'::int",
        "DO $$ BEGIN RAISE EXCEPTION 'own' USING ERRCODE = 'XX123', DETAIL = 'd', TABLE = 't'; END"
            + " $$");
    exchanges(
        "errors at every step",
        join(parse("", "SELEC 1"), bind("", ""), execute("", 0), sync()),
        join(parse("", "SELECT $1::int"), bind("", "", text("x")), execute("", 0), sync()),
        join(parse("", "SELECT $1::int"), bind("", ""), execute("", 0), sync()),
        join(describeStatement("none"), sync()),
        join(describePortal("none"), sync()),
        join(execute("none", 0), sync()),
        join(parse("twice", "SELECT 1"), parse("twice", "SELECT 2"), sync()),
        join(parse("", "SELECT 1; SELECT 2"), sync()),
        query("SELECT 'still here'"));
  }

  private static void largeMessages() {
    String megabyte = "x".repeat(1 << 20);
    queries("a statement of a megabyte", "SELECT length('" + megabyte + "')", "SELECT 1");
    exchanges(
        "a parameter of two megabytes",
        join(
            parse("", "SELECT length($1), $2::int"),
            bind("", "", text(megabyte + megabyte), text("2")),
            execute("", 0),
            sync()),
        join(ExtendedConversations.add(1), sync()));
    queries("a row of five megabytes", "SELECT repeat('y', 5 * 1024 * 1024)", "SELECT 1");
    queries("many rows", "SELECT i, repeat('z', i % 100) FROM generate_series(1, 5000) i");
    queries("many columns", "SELECT " + "1, ".repeat(1599) + "2");
    queries(
        "errors behind rows",
        "SELECT 1000 / (500 - i) FROM generate_series(1, 1000) i",
        "SELECT 1");
  }

  private static void ends() {
    ending("terminate", terminate());
    ending("terminate behind a query", query("SELECT 1"), terminate());
    ending("an unknown message type", raw('!', new byte[] {1, 2}));
    ending("an unknown message type behind a query", query("SELECT 1"), raw('y', new byte[0]));
    ending("the server ends the session", query("SELECT pg_terminate_backend(pg_backend_pid())"));
    halfClosing("half-closed behind a query", query("SELECT 1"));
    halfClosing("half-closed behind a batch", ExtendedConversations.add(1), sync());
    halfClosing(
        "half-closed behind a query that takes its time", query("SELECT pg_sleep(0.3), 'done'"));
    halfClosing("half-closed while idle");
    halfClosing(
        "half-closed behind a pipeline",
        query("SELECT 1"),
        ExtendedConversations.add(1),
        sync(),
        query("SELECT pg_sleep(0.1)"),
        ExtendedConversations.add(2),
        sync());
    halfClosing(
        "half-closed in the middle of a message",
        query("SELECT 1"),
        new byte[] {'Q', 0, 0, 0, 20, 'S', 'E'});
    halfClosing(
        "half-closed in a copy",
        query("CREATE TEMP TABLE t (a int)"),
        query("COPY t FROM STDIN"),
        copyData("1\n"));
  }

  private static void halfClosing(String name, byte[]... messages) {
    ALL.put(
        name,
        client -> {
          client.send(messages);
          client.shutdownOutput();
          return client.readUntilClosed();
        });
  }

  private static void ending(String name, byte[]... messages) {
    ALL.put(
        name,
        client -> {
          client.send(messages);
          return client.readUntilClosed();
        });
  }
}
