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
import static dev.crossfade.testkit.wire.Messages.sync;
import static dev.crossfade.testkit.wire.Parameter.int4;
import static dev.crossfade.testkit.wire.Parameter.ofNull;
import static dev.crossfade.testkit.wire.Parameter.text;

import dev.crossfade.sidecar.Conversations.Script;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients say with messages that are answered at a Sync: statements, portals, pipelines and
 * copies.
 */
final class ExtendedConversations {
  static final Map<String, Script> ALL = new LinkedHashMap<>();

  static {
    statements();
    portals();
    pipelines();
    copies();
  }

  private ExtendedConversations() {}

  private static void exchanges(String name, byte[]... batches) {
    ALL.put(name, Script.exchanges(batches));
  }

  private static void statements() {
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

  /** A batch without its Sync: 1 added to a number. */
  static byte[] add(int number) {
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
}
