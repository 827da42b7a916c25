package dev.crossfade.sidecar;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two servers with the same types under different OIDs, and a table with a column of each of them;
 * on new it has another name.
 */
final class UserTypePair implements AutoCloseable {
  private static final String LENS =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split-customers, owner: accounts, rationale: another name, risk: low}
      spec:
        engine: postgresql
        tables:
          - old: parcels
            new: things
            entity: [id]
            columns: {state: {rename: status}}
      """;

  private static final List<String> TYPES =
      List.of(
          "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
          "CREATE DOMAIN cents AS int CHECK (VALUE >= 0)",
          "CREATE DOMAIN feeling AS mood",
          "CREATE TYPE spot AS (x int, y int)",
          "CREATE TYPE price AS (amount cents, currency text, felt mood)",
          "CREATE TYPE bundle AS (cost price, tags text[], moods mood[], costs price[])",
          "CREATE TYPE moodrange AS RANGE (subtype = mood)",
          "CREATE TYPE pricerange AS RANGE (subtype = price)",
          "CREATE DOMAIN some_prices AS price[]",
          "CREATE TYPE flag AS ENUM ('red', 'blue')");

  private static final String COLUMNS =
      """
       (id bigint PRIMARY KEY, %s mood, moods mood[], amount cents, amounts cents[], felt feeling, feelings feeling[],
        at spot, ats spot[], cost price, costs price[], more bundle, many bundle[], span moodrange, spans moodrange[],
        range pricerange, ranges pricemultirange, several some_prices, flag flag, flags flag[], mail citext, mails citext[])
      """;

  private static final String ROWS =
      """
      INSERT INTO %s SELECT i, m, ARRAY[m, 'sad', NULL], i, ARRAY[i, NULL, i * 2]::cents[], m,
        ARRAY[[m, 'ok'], ['sad', m]]::feeling[], ROW(i, -i)::spot, ARRAY[ROW(i, 1)::spot, NULL], c, ARRAY[c, NULL, c],
        ROW(c, ARRAY['a', NULL], ARRAY[m], ARRAY[c, c])::bundle,
        ARRAY[ROW(c, NULL, '{}', ARRAY[c])::bundle, ROW(NULL, '{}', NULL, NULL)::bundle],
        moodrange('sad', m, '[]'), ARRAY[moodrange('sad', NULL), 'empty'::moodrange],
        pricerange(c, NULL), pricemultirange(pricerange(c, d), pricerange(ROW(i + 10, 'EUR', 'ok')::price, NULL)), ARRAY[d, c], 'red', '{red,NULL}', 'Mail@' || i, '{A,b}'
      FROM (SELECT i, (ARRAY['sad', 'ok', 'happy'])[i %% 3 + 1]::mood AS m,
              ROW(i, 'EUR', (ARRAY['sad', 'ok', 'happy'])[i %% 3 + 1]::mood)::price AS c, ROW(i + 1, NULL, 'happy')::price AS d
            FROM generate_series(1, 40) i) x;
      INSERT INTO %s (id) VALUES (100);
      """;

  final Pair sides = new Pair();

  UserTypePair() throws SQLException, IOException {
    // What is made first has the lower OIDs.
    sides.old.executeIn("shop", "CREATE EXTENSION citext");
    sides.target.executeIn("shop2", "CREATE EXTENSION citext");
    run(true, "CREATE TYPE other AS ENUM ('a')", "CREATE TYPE another AS (a int)");
    for (String type : TYPES) {
      run(false, type);
    }
    for (String type : TYPES) {
      run(true, type);
    }
    run(false, "CREATE TABLE parcels" + COLUMNS.formatted("state"), rows("parcels"));
    run(true, "CREATE TABLE things" + COLUMNS.formatted("status"), rows("things"));
  }

  private static String rows(String table) {
    return ROWS.formatted(table, table);
  }

  /** Runs statements as the application's user. */
  void run(boolean onNew, String... sql) throws SQLException {
    try (Connection connection =
            onNew
                ? sides.target.connect("shop2", Pair.USER, Pair.PASSWORD)
                : sides.old.connect("shop", Pair.USER, Pair.PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String text : sql) {
        statement.execute(text);
      }
    }
  }

  /** The OID of a type. */
  long oid(boolean onNew, String type) throws SQLException {
    try (Connection connection = onNew ? sides.target.connect("shop2") : sides.old.connect("shop");
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT '" + type + "'::regtype::oid")) {
      found.next();
      return found.getLong(1);
    }
  }

  /** A sidecar that reads all from new. */
  Sidecar sidecar() throws Exception {
    return sidecarThrough(sides.target.port());
  }

  /**
   * @param port what it connects to for new
   */
  Sidecar sidecarThrough(int port) throws Exception {
    String config =
        sides
            .config("RAMP", "100%", "session", CommandsIT.ENABLED)
            .replace("port: " + sides.target.port(), "port: " + port);
    Files.writeString(sides.folder.resolve("split-customers.yaml"), LENS);
    return Sidecar.start(
        ConfigFile.parse(config, sides.folder.resolve("sidecar.yaml").toString(), Map.of()));
  }

  WireClient direct() throws IOException {
    WireClient client = WireClient.connect(sides.old.host(), sides.old.port());
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  /** What a statement of its own answers, described. */
  static List<Frame> answer(
      WireClient client, String sql, int format, int[] types, Parameter... parameters)
      throws IOException {
    return client.exchange(
        Messages.parse("", sql, types),
        Messages.describeStatement(""),
        Messages.bind("", "", List.of(parameters), List.of(format)),
        Messages.describePortal(""),
        Messages.execute("", 0),
        Messages.sync());
  }

  /** What the sidecar says that it would do. */
  static Map<String, String> explain(WireClient client, String sql) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (Frame frame : client.query("EXPLAIN CROSSFADE " + sql)) {
      if (frame.type() == 'D') {
        values.put(String.valueOf(frame.text(0)), String.valueOf(frame.text(1)));
      } else if (frame.type() == 'E') {
        throw new AssertionError(frame);
      }
    }
    return values;
  }

  @Override
  public void close() throws Exception {
    sides.close();
  }
}
