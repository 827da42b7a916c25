package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closePortal;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.flush;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static dev.crossfade.testkit.wire.Parameter.int8;
import static dev.crossfade.testkit.wire.Parameter.text;

import dev.crossfade.testkit.wire.Frame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What clients say about {@link Pair}'s mapped table. The answers are the same whichever side gives
 * them.
 */
final class MappedConversations {
  private static final String POINT_READ = "SELECT * FROM customers WHERE id = $1";
  private static final String RANGE =
      "SELECT id, full_name, email FROM customers WHERE id BETWEEN $1 AND $2 ORDER BY id";

  private static final byte[] TIME = query("SELECT created_at FROM customers WHERE id = 1");

  private static final Map<String, Conversations.Script> ALL = new LinkedHashMap<>();

  static {
    batches("simple point read", query("SELECT * FROM customers WHERE id = 7"));
    batches("simple read of all rows", query("SELECT * FROM customers ORDER BY id"));
    batches("simple read of nothing", query("SELECT * FROM customers WHERE id = -1"));
    batches(
        "aggregates and joins",
        query("SELECT count(*), sum(balance_cents), max(created_at) FROM customers"),
        query(
            "SELECT a.full_name, b.email FROM customers a JOIN customers b ON b.id = a.id + 1 WHERE"
                + " a.id < 9 ORDER BY a.id"));
    batches(
        "expressions over columns",
        query(
            "SELECT upper(c.full_name) AS shout, c.balance_cents / 7.0, c.email IS NULL FROM"
                + " customers AS c WHERE c.id < 30 ORDER BY 1"));
    batches("unnamed statement, text", point("", "7"), point("", "35"), point("", "100000"));
    batches(
        "unnamed statement, binary",
        join(
            parse("", POINT_READ),
            describeStatement(""),
            bind("", "", List.of(int8(10)), List.of(1)),
            describePortal(""),
            execute("", 0),
            sync()));
    batches(
        "named statement",
        join(parse("s", POINT_READ), describeStatement("s"), sync()),
        join(bind("", "s", int8(3)), execute("", 0), sync()),
        join(bind("", "s", int8(4)), describePortal(""), execute("", 0), sync()),
        join(closeStatement("s"), sync()),
        join(bind("", "s", int8(5)), execute("", 0), sync()));
    batches(
        "two statements in turn",
        join(parse("a", POINT_READ), parse("b", RANGE), sync()),
        join(bind("", "a", int8(3)), execute("", 0), sync()),
        join(bind("", "b", text("2"), text("5")), execute("", 0), sync()),
        join(bind("", "a", int8(6)), execute("", 0), sync()),
        join(parse("a", RANGE), sync()),
        join(
            closeStatement("a"),
            parse("a", RANGE),
            bind("", "a", text("8"), text("9")),
            execute("", 0),
            sync()));
    batches(
        "a row limit outside a transaction",
        join(parse("", RANGE), bind("", "", text("1"), text("50")), execute("", 5), sync()));
    batches(
        "portals in a read-only transaction",
        query("BEGIN READ ONLY"),
        join(parse("", RANGE), bind("p", "", text("1"), text("12")), execute("p", 5), sync()),
        join(execute("p", 5), sync()),
        join(execute("p", 0), sync()),
        query("COMMIT"));
    batches(
        "portals that are closed with their read",
        join(parse("s", POINT_READ), sync()),
        join(
            bind("p", "s", int8(3)),
            describePortal("p"),
            execute("p", 0),
            closePortal("p"),
            sync()),
        join(
            parse("", POINT_READ),
            bind("p", "", text("6")),
            describePortal("p"),
            execute("p", 0),
            closePortal("p"),
            sync()),
        join(bind("", "s", int8(5)), execute("", 0), closePortal(""), sync()),
        query("BEGIN READ ONLY"),
        join(bind("p", "s", int8(7)), execute("p", 0), closePortal("p"), sync()),
        join(bind("p", "s", int8(8)), execute("p", 0), closePortal("p"), sync()),
        query("COMMIT"));
    batches(
        "portals that are not",
        join(parse("s", POINT_READ), sync()),
        join(bind("p", "s", int8(3)), execute("p", 0), closePortal("q"), sync()),
        join(bind("p", "s", int8(3)), closePortal("p"), execute("p", 0), sync()),
        join(bind("p", "s", int8(3)), describePortal("q"), execute("p", 0), sync()),
        join(bind("p", "s", int8(3)), execute("q", 0), closePortal("p"), sync()),
        join(bind("p", "s", int8(3)), execute("p", 0), closeStatement("s"), sync()),
        join(parse("s", POINT_READ), sync()),
        query("BEGIN READ ONLY"),
        join(bind("p", "s", int8(3)), execute("p", 0), sync()),
        join(bind("p", "s", int8(3)), execute("p", 0), closePortal("p"), sync()),
        query("ROLLBACK"),
        point("", "9"));
    batches(
        "errors of the client",
        query("SELECT nope FROM customers"),
        query("SELECT 1 / (id - 7) FROM customers WHERE id = 7"),
        join(parse("", POINT_READ), bind("", "", text("seven")), execute("", 0), sync()),
        point("", "8"));
    batches(
        "a failing read in a transaction",
        query("BEGIN READ ONLY"),
        query("SELECT 1 / (id - 7) FROM customers WHERE id = 7"),
        query("SELECT count(*) FROM customers"),
        query("ROLLBACK"),
        query("SELECT count(*) FROM customers"));
    batches(
        "settings that change how values look",
        query("SET DateStyle = 'German'"),
        query("SET TimeZone = 'Asia/Tokyo'"),
        query("SELECT created_at FROM customers WHERE id = 1"),
        query("RESET ALL"),
        query("SELECT created_at FROM customers WHERE id = 1"));
    batches(
        "settings that come and go",
        TIME,
        query("SET TimeZone = 'Asia/Tokyo'"),
        TIME,
        query("RESET TimeZone"),
        TIME,
        query("SET TimeZone = 'Asia/Kolkata'"),
        TIME,
        query("SET TimeZone TO DEFAULT"),
        TIME,
        query("BEGIN"),
        query("SET TimeZone = 'Asia/Tokyo'"),
        TIME,
        query("ROLLBACK"),
        TIME,
        query("BEGIN"),
        query("SET LOCAL TimeZone = 'Asia/Tokyo'"),
        TIME,
        query("COMMIT"),
        TIME,
        query("BEGIN"),
        query("SET TIME ZONE 'Asia/Tokyo'"),
        query("COMMIT"),
        TIME,
        query("SET SESSION DateStyle TO German, DMY"),
        TIME,
        query("DISCARD ALL"),
        TIME,
        query("SELECT set_config('TimeZone', 'Asia/Tokyo', false)"),
        TIME,
        query("RESET ALL"),
        TIME);
    batches(
        "mapped and other tables in turn",
        query("SELECT count(*) FROM audit"),
        query("SELECT full_name FROM customers WHERE id = 2"),
        query("SELECT 1"));
    ALL.put(
        "a pipeline",
        client -> {
          List<byte[]> pipeline = new ArrayList<>();
          for (int i = 1; i <= 40; i++) {
            pipeline.add(i % 4 == 0 ? query("SELECT " + i) : point("", Integer.toString(i)));
          }
          client.send(pipeline.toArray(byte[][]::new));
          List<Frame> heard = new ArrayList<>();
          for (int i = 0; i < pipeline.size(); i++) {
            heard.addAll(client.readUntilReady());
          }
          return heard;
        });
    ALL.put(
        "a flush instead of a sync",
        client -> {
          client.send(parse("", POINT_READ), describeStatement(""), flush());
          List<Frame> heard = new ArrayList<>(client.read(3));
          client.send(bind("", "", int8(9)), execute("", 0), flush());
          heard.addAll(client.readUntil("C"));
          heard.addAll(client.exchange(sync()));
          return heard;
        });
    ALL.put(
        "half-closed behind a pipeline",
        client -> {
          client.send(
              query("SELECT 1"),
              point("", "3"),
              query("SELECT 2"),
              point("", "4"),
              point("", "5"),
              query("SELECT 3"));
          client.shutdownOutput();
          return client.readUntilClosed();
        });
    ALL.put(
        "half-closed behind a read",
        client -> {
          client.send(query("SELECT * FROM customers ORDER BY id"));
          client.shutdownOutput();
          return client.readUntilClosed();
        });
    // From here on the sidecar has seen what may have been writes: reads stay with old.
    batches(
        "a search path that hides the mapped table",
        query("CREATE TEMP TABLE customers (id bigint, note text)"),
        query("SELECT count(*) FROM customers"),
        query("SELECT count(*) FROM public.customers"),
        query("DROP TABLE pg_temp.customers"),
        query("SELECT count(*) FROM customers"),
        query("SET search_path = pg_catalog"),
        query("SELECT count(*) FROM customers"),
        query("RESET search_path"),
        query("SELECT count(*) FROM customers"));
    batches(
        "a role that may not read",
        query("SET ROLE pg_monitor"),
        query("SELECT count(*) FROM customers"),
        query("RESET ROLE"),
        query("SELECT count(*) FROM customers"));
  }

  private MappedConversations() {}

  static Stream<String> names() {
    return ALL.keySet().stream();
  }

  /**
   * Open portals, unsynced batches and sessions with a view of their own may stay with the
   * authority.
   */
  static boolean isForOldAlone(String name) {
    return name.equals("portals in a read-only transaction")
        || name.equals("a flush instead of a sync")
        || name.startsWith("a search path")
        || name.startsWith("a role");
  }

  static Conversations.Script named(String name) {
    return Objects.requireNonNull(ALL.get(name), name);
  }

  private static byte[] point(String statement, String id) {
    return join(
        parse(statement, POINT_READ),
        bind("", statement, text(id)),
        describePortal(""),
        execute("", 0),
        sync());
  }

  private static void batches(String name, byte[]... batches) {
    ALL.put(name, Conversations.Script.exchanges(batches));
  }
}
