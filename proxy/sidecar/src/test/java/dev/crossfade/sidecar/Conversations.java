package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closePortal;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.copyData;
import static dev.crossfade.testkit.wire.Messages.copyDone;
import static dev.crossfade.testkit.wire.Messages.copyFail;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.flush;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.raw;
import static dev.crossfade.testkit.wire.Messages.sync;
import static dev.crossfade.testkit.wire.Messages.terminate;
import static dev.crossfade.testkit.wire.Parameter.int4;
import static dev.crossfade.testkit.wire.Parameter.ofNull;
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
  }

  private static final Map<String, Script> ALL = new LinkedHashMap<>();

  static {
    simpleQueries();
    extendedQueries();
    portals();
    pipelines();
    errors();
    copies();
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
    ALL.put(
        name,
        client -> {
          List<Frame> heard = new ArrayList<>();
          for (byte[] batch : batches) {
            heard.addAll(client.exchange(batch));
          }
          return heard;
        });
  }

  private static void extendedQueries() {
    exchanges(
        "unnamed statement, text and NULL",
        join(
            parse("", "SELECT $1::int + 1, $2::text"),
            describeStatement(""),
            bind("", "", text("41"), ofNull()),
            describePortal(""),
            execute("", 0),
            sync()));
    exchanges(
        "named statement, binary, used again",
        join(parse("s", "SELECT $1::int4, 'x'::bytea", 23), sync()),
        join(bind("", "s", List.of(int4(7)), List.of(1)), execute("", 0), sync()),
        join(
            bind("", "s", List.of(int4(8)), List.of(1, 0)),
            describePortal(""),
            execute("", 0),
            sync()),
        join(closeStatement("s"), sync()),
        join(bind("", "s", int4(9)), execute("", 0), sync()));
    exchanges(
        "no data, empty, utility",
        join(parse("", ""), bind("", ""), describePortal(""), execute("", 0), sync()),
        join(
            parse("", "SET work_mem = '5MB'"),
            describeStatement(""),
            bind("", ""),
            execute("", 0),
            sync()),
        join(parse("", "CREATE TEMP TABLE t (x int)"), bind("", ""), execute("", 0), sync()),
        join(
            parse("", "INSERT INTO t VALUES ($1) RETURNING x"),
            bind("", "", text("5")),
            execute("", 0),
            sync()),
        sync());
    ALL.put(
        "flush answers before sync",
        client -> {
          List<Frame> heard = new ArrayList<>();
          client.send(parse("", "SELECT 1"), flush());
          heard.addAll(client.read(1));
          client.send(bind("", ""), describePortal(""), flush());
          heard.addAll(client.read(2));
          client.send(execute("", 0), flush());
          heard.addAll(client.read(2));
          heard.addAll(client.exchange(sync()));
          return heard;
        });
    ALL.put(
        "a simple query after unsynced messages",
        client -> {
          client.send(
              parse("a", "SELECT 1"), bind("", "a"), execute("", 0), query("SELECT 2"), sync());
          List<Frame> heard = new ArrayList<>(client.readUntilReady());
          heard.addAll(client.readUntilReady());
          return heard;
        });
  }

  private static void portals() {
    exchanges(
        "portals with row limits, two at a time",
        query("BEGIN"),
        join(
            parse("s", "SELECT i FROM generate_series(1, 7) i"),
            bind("p", "s"),
            bind("q", "s"),
            execute("p", 3),
            execute("q", 2),
            sync()),
        join(execute("p", 3), execute("q", 100), execute("p", 0), sync()),
        join(execute("p", 1), closePortal("p"), execute("p", 1), sync()),
        query("ROLLBACK"));
    exchanges(
        "a portal does not outlive its transaction",
        join(
            parse("", "SELECT i FROM generate_series(1, 3) i"),
            bind("p", ""),
            execute("p", 1),
            sync()),
        join(execute("p", 1), sync()));
  }

  private static byte[] add(int number) {
    return join(
        parse("", "SELECT $1::int + 1"),
        bind("", "", text(Integer.toString(number))),
        execute("", 0));
  }

  private static void pipelines() {
    ALL.put(
        "a pipeline of many batches",
        client -> {
          byte[][] batches = new byte[60][];
          for (int i = 0; i < batches.length; i++) {
            batches[i] = i % 3 == 0 ? query("SELECT " + i) : join(add(i), sync());
          }
          return pipeline(client, batches);
        });
    exchanges(
        "many statements in one batch", join(add(1), add(2), add(3), describePortal(""), sync()));
    ALL.put(
        "errors in a pipeline",
        client ->
            pipeline(
                client,
                join(add(1), sync()),
                join(
                    parse("", "SELECT 1/$1::int"),
                    bind("", "", text("0")),
                    execute("", 0),
                    add(2),
                    sync()),
                join(add(3), sync()),
                query("SELECT broken"),
                join(add(4), bind("", "nowhere"), add(5), sync()),
                query("SELECT 6; SELECT 7/0; SELECT 8"),
                join(add(9), sync())));
    ALL.put(
        "a pipeline through a failed transaction",
        client ->
            pipeline(
                client,
                query("BEGIN"),
                join(add(1), sync()),
                query("SELECT 1/0"),
                join(add(2), sync()),
                query("ROLLBACK"),
                query("SELECT 3")));
    ALL.put(
        "an implicit transaction over a batch",
        client ->
            pipeline(
                client,
                query("CREATE TEMP TABLE t (x int)"),
                join(
                    parse("", "INSERT INTO t VALUES (1)"),
                    bind("", ""),
                    execute("", 0),
                    parse("", "INSERT INTO t VALUES (1/0)"),
                    bind("", ""),
                    execute("", 0),
                    sync()),
                query("SELECT count(*) FROM t")));
  }

  private static List<Frame> pipeline(WireClient client, byte[]... batches) throws IOException {
    client.send(batches);
    List<Frame> heard = new ArrayList<>();
    for (int i = 0; i < batches.length; i++) {
      heard.addAll(client.readUntilReady());
    }
    return heard;
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

  private static void copies() {
    exchanges(
        "copy in",
        query("CREATE TEMP TABLE t (a int, b text)"),
        join(query("COPY t FROM STDIN"), copyData("1\tone\n2\t"), copyData("two\n"), copyDone()),
        join(query("COPY t FROM STDIN"), copyData("3\tthree\n"), copyFail("changed my mind")),
        join(query("COPY t FROM STDIN"), copyData("x\ty\n"), copyData("4\tz\n"), copyDone()),
        join(query("COPY t FROM STDIN (FORMAT csv)"), copyData("5,\"a,b\"\n"), flush(), copyDone()),
        query(
            "SELECT a + 0, b || '' FROM t; COPY t TO STDOUT; COPY (SELECT 1, NULL) TO STDOUT"
                + " (FORMAT binary)"));
    ALL.put(
        "copy in waits for the server",
        client -> {
          List<Frame> heard = new ArrayList<>(client.query("CREATE TEMP TABLE t (a int)"));
          client.send(query("COPY t FROM STDIN; SELECT count(*) FROM t"));
          heard.addAll(client.readUntil("G"));
          for (int i = 0; i < 50; i++) {
            client.send(copyData(i + "\n"));
          }
          heard.addAll(client.exchange(copyDone()));
          return heard;
        });
    ALL.put(
        "copy in the extended protocol",
        client -> {
          List<Frame> heard = new ArrayList<>(client.query("CREATE TEMP TABLE t (a int)"));
          client.send(parse("", "COPY t FROM STDIN"), bind("", ""), execute("", 0), flush());
          heard.addAll(client.readUntil("G"));
          heard.addAll(client.exchange(join(copyData("1\n2\n"), copyDone(), sync())));
          heard.addAll(
              client.exchange(
                  join(parse("", "COPY t TO STDOUT"), bind("", ""), execute("", 0), sync())));
          client.send(parse("", "COPY t FROM STDIN"), bind("", ""), execute("", 0), flush());
          heard.addAll(client.readUntil("G"));
          heard.addAll(client.exchange(join(copyData("x\n"), copyDone(), sync())));
          heard.addAll(client.query("SELECT count(*) FROM t"));
          return heard;
        });
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
        join(add(1), sync()));
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
    halfClosing("half-closed behind a batch", add(1), sync());
    halfClosing(
        "half-closed behind a query that takes its time", query("SELECT pg_sleep(0.3), 'done'"));
    halfClosing("half-closed while idle");
    halfClosing(
        "half-closed behind a pipeline",
        query("SELECT 1"),
        add(1),
        sync(),
        query("SELECT pg_sleep(0.1)"),
        add(2),
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
