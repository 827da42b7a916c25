package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.flush;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.sync;
import static dev.crossfade.testkit.wire.Parameter.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Old's tables have no triggers: what clients write logs itself, and nobody can tell. */
class StatementCaptureIT {
  static final String LENS =
      Pair.LENS.replace("engine: postgresql", "engine: postgresql\n  capture: statements");

  private static final String LOG =
      "SELECT DISTINCT m.key::text FROM crossfade.mutation m JOIN crossfade.entity_group g ON"
          + " g.number = m.entity_group WHERE g.name = 'public.customers' ORDER BY 1";

  private static MirroredPair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair(LENS);
    pair.sides.old.executeIn(
        "shop",
        "CREATE TABLE IF NOT EXISTS staging (id bigint, note text)",
        "INSERT INTO staging VALUES (11, 'eleven'), (12, 'twelve')",
        "CREATE VIEW rich AS SELECT * FROM customers WHERE balance_cents > 0",
        "GRANT ALL ON staging, audit, rich TO app");
    sidecar = pair.sides.sidecar("RAMP", "0%", "session", MirroredPair.MIRROR);
    Await.until("the statements log", () -> logsNow());
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  private static boolean logsNow() throws Exception {
    try (WireClient client = through()) {
      client.query("BEGIN");
      client.query("UPDATE customers SET email = email WHERE id = 1");
      boolean logged = client.query(LOG).size() > 3;
      client.query("ROLLBACK");
      return logged;
    }
  }

  private static WireClient through() throws Exception {
    WireClient client = WireClient.connect("127.0.0.1", sidecar.address().getPort());
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  private static WireClient straight() throws Exception {
    WireClient client = WireClient.connect(pair.sides.old.host(), pair.sides.old.port());
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  /** What a client says in a transaction that is rolled back. */
  private interface Script {
    List<Frame> hold(WireClient client) throws Exception;
  }

  private static String told(WireClient client, Script script) throws Exception {
    client.query("BEGIN");
    List<Frame> answer = script.hold(client);
    client.query("ROLLBACK");
    client.exchange(closeStatement("s"), sync());
    return FrameText.of(answer);
  }

  private static void assertSame(Script script) throws Exception {
    try (WireClient through = through();
        WireClient straight = straight()) {
      String expected = told(straight, script);
      assertThat(told(through, script)).isEqualTo(expected);
      // Once more, for the plan is there now.
      assertThat(told(through, script)).isEqualTo(expected);
    }
  }

  /** What is in the log at the end of a transaction that is rolled back. */
  private static List<String> logged(String... statements) throws Exception {
    try (WireClient client = through()) {
      client.query("BEGIN");
      for (String statement : statements) {
        List<Frame> answer = client.query(statement);
        assertThat(answer.toString()).as(statement).doesNotContain("E S=ERROR");
      }
      List<String> keys =
          client.query(LOG).stream()
              .map(Frame::toString)
              .filter(frame -> frame.startsWith("D "))
              .toList();
      client.query("ROLLBACK");
      return keys;
    }
  }

  static String[] writes() {
    return WatchedWrites.WRITES;
  }

  static String[] mistakes() {
    return WatchedWrites.MISTAKES;
  }

  @ParameterizedTest
  @MethodSource({"writes", "mistakes"})
  void aQueryIsAnsweredAsIfNothingWereAdded(String sql) throws Exception {
    assertSame(client -> client.query(sql));
  }

  @ParameterizedTest
  @MethodSource({"writes", "mistakes"})
  void soIsAPreparedStatement(String sql) throws Exception {
    assertSame(
        client ->
            client.exchange(
                parse("s", sql),
                describeStatement("s"),
                bind("p", "s"),
                describePortal("p"),
                execute("p", 0),
                closeStatement("s"),
                sync()));
  }

  @Test
  void parametersLimitsAndFlushesAreTheClientsOwn() throws Exception {
    String sql = "DELETE FROM customers WHERE id BETWEEN $1 AND $2 RETURNING id, full_name";
    assertSame(
        client -> {
          List<Frame> all = new ArrayList<>();
          client.send(parse("", sql), describeStatement(""), bind("", "", text("10"), text("14")));
          all.addAll(
              client.exchange(execute("", 2), flush(), execute("", 2), execute("", 0), sync()));
          return all;
        });
    assertSame(
        client ->
            client.exchange(
                parse("", "UPDATE customers SET email = $1 WHERE id > $2"),
                bind("", "", text("x"), text("490")),
                execute("", 1),
                parse("", "UPDATE customers SET nope = 1"),
                bind("", ""),
                execute("", 0),
                sync()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UPDATE customers SET balance_cents = 1 WHERE id IN (7, 9)                           | {7} {9}
          UPDATE customers SET balance_cents = 1 WHERE id = -1                                |
          UPDATE customers SET id = id + 1000 WHERE id IN (7, 9)                              | {1007} {1009} {7} {9}
          UPDATE customers SET id = id WHERE id > 499                                         | {500}
          INSERT INTO customers VALUES (901, 'A', NULL, 1, now()), (902, 'A', NULL, 1, now()) | {901} {902}
          INSERT INTO customers VALUES (1, 'A', NULL, 1, now()) ON CONFLICT DO NOTHING        |
          INSERT INTO customers VALUES (1, 'A', NULL, 1, now()) ON CONFLICT (id) DO UPDATE SET email = 'x' RETURNING id | {1}
          DELETE FROM customers WHERE id < 3 RETURNING *                                      | {1} {2}
          DELETE FROM customers c USING staging s WHERE c.id = s.id                           | {11} {12}
          TRUNCATE customers                                                                  | NULL
          INSERT INTO audit (note) VALUES ('x')                                               |
          SAVEPOINT a; DELETE FROM customers WHERE id = 3; ROLLBACK TO a; DELETE FROM customers WHERE id = 4 | {4}
          """)
  void theLogHasTheKeysThatAreConcerned(String sql, String keys) throws Exception {
    List<String> expected = new ArrayList<>();
    for (String key : keys == null ? new String[0] : keys.split(" ")) {
      expected.add(key.equals("NULL") ? "D NULL" : "D '" + key + "'");
    }
    assertThat(logged(sql)).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          COPY customers FROM STDIN                                                             | COPY_FROM
          MERGE INTO customers c USING staging s ON s.id = c.id WHEN MATCHED THEN DELETE        | MERGE
          WITH w AS (DELETE FROM customers WHERE id = 1 RETURNING id) SELECT count(*) FROM w    | NESTED_WRITE
          UPDATE customers c SET id = s.id + 3000 FROM staging s WHERE s.id = c.id              | KEY_CHANGE
          UPDATE customers SET id = 3000 WHERE id = (SELECT min(id) FROM staging)               | KEY_CHANGE
          INSERT INTO customers VALUES (1, 'A', NULL, 1, now()) ON CONFLICT (id) DO UPDATE SET id = 3000 | KEY_CHANGE
          DELETE FROM rich WHERE id = 1                                                         | VIEW
          TRUNCATE audit CASCADE                                                                | TRUNCATE_CASCADE
          EXPLAIN ANALYZE DELETE FROM customers WHERE id = 1                                    | INSIDE_ANOTHER
          PREPARE d AS DELETE FROM customers WHERE id = 1                                       | INSIDE_ANOTHER
          DO $$ BEGIN DELETE FROM customers WHERE id = 1; END $$                                | DO
          SELECT 1; DELETE FROM audit; COPY customers FROM STDIN                                | COPY_FROM
          """)
  void whatCannotBeLoggedIsNotRun(String sql, String code) throws Exception {
    try (WireClient client = through()) {
      List<Frame> answer = client.query(sql);
      assertThat(answer.toString())
          .contains("0A000", "what the statement changes cannot be logged", code);
      assertThat(client.query("SELECT count(*) FROM customers").get(1).toString())
          .isEqualTo("D '500'");
    }
  }

  @Test
  void aSessionThatLooksElsewhereHasToSayWhereItWrites() throws Exception {
    try (WireClient client = through()) {
      client.query("SET search_path = pg_catalog, public, other");
      assertThat(client.query("DELETE FROM customers WHERE id = 1").toString()).contains("SESSION");
      client.query("BEGIN");
      assertThat(client.query("DELETE FROM public.customers WHERE id = 1").toString())
          .contains("DELETE 1");
      assertThat(client.query(LOG).toString()).contains("{1}");
      client.query("ROLLBACK");
    }
  }

  @Test
  void whatIsRolledBackLeavesNothingInTheLogAndWhatIsCommittedArrives() throws Exception {
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "30");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeUpdate("UPDATE customers SET email = 'lost@example.org' WHERE id = 20");
      connection.rollback();
      connection.setAutoCommit(true);
      Await.until(
          "the log is empty", () -> count(pair.sides.old, "shop", "crossfade.mutation") == 0);
      statement.executeUpdate("UPDATE customers SET email = 'kept@example.org' WHERE id = 20");
      Await.until("it has arrived", () -> email(20).equals("kept@example.org"));
    }
  }

  @Test
  void manyWhoWriteAtOnceAreAllCarried() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> done = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        Random random = new Random(client);
        done.add(clients.submit(() -> write(random, end)));
      }
      int written = 0;
      for (Future<Integer> one : done) {
        written += one.get();
      }
      assertThat(written).isGreaterThan(100);
    }
    Await.until("the log is empty", () -> count(pair.sides.old, "shop", "crossfade.mutation") == 0);
    assertThat(count(pair.sides.old, "shop", "crossfade.dead_letter")).isZero();
    String people =
        "SELECT md5(string_agg(concat_ws('|', %s), ',' ORDER BY id)) || count(*) FROM %s";
    assertThat(
            value(
                pair.sides.target,
                "shop2",
                people.formatted("id, given_name, family_name, round(balance, 2)", "people")))
        .isEqualTo(
            value(
                pair.sides.old,
                "shop",
                people.formatted(
                    "id, split_part(full_name, ' ', 1), nullif(split_part(full_name, ' ', 2), ''),"
                        + " round(balance_cents / 100.0, 2)",
                    "customers")));
    assertThat(
            value(
                pair.sides.target,
                "shop2",
                "SELECT md5(string_agg(person_id || email, ',' ORDER BY person_id)) FROM contacts"))
        .isEqualTo(
            value(
                pair.sides.old,
                "shop",
                "SELECT md5(string_agg(id || email, ',' ORDER BY id)) FROM customers"));
    pair.sides.old.executeIn("shop", "DELETE FROM customers WHERE id > 500");
  }

  /** Inserts, changes, moves and deletes rows that others do as well, for a while. */
  private static int write(Random random, long end) throws SQLException {
    int written = 0;
    try (Connection connection = Pair.connect(sidecar, "socketTimeout", "30");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO customers VALUES (?, 'Some Body', 'e', 1, now()) ON CONFLICT (id) DO"
                    + " UPDATE SET email = customers.email || 'e'");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE customers SET balance_cents = balance_cents + 1 WHERE id = ? RETURNING"
                    + " balance_cents");
        PreparedStatement move =
            connection.prepareStatement("UPDATE customers SET id = id + 1000 WHERE id = ?");
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM customers WHERE id BETWEEN ? AND ?")) {
      while (System.nanoTime() < end) {
        int id = 10_000 + random.nextInt(40);
        try {
          switch (random.nextInt(4)) {
            case 0 -> {
              insert.setInt(1, id);
              written += insert.executeUpdate();
            }
            case 1 -> {
              update.setInt(1, id);
              try (ResultSet row = update.executeQuery()) {
                written += row.next() ? 1 : 0;
              }
            }
            case 2 -> {
              move.setInt(1, id);
              written += move.executeUpdate();
            }
            default -> {
              delete.setInt(1, id + 1000);
              delete.setInt(2, id + 1003);
              written += delete.executeUpdate();
            }
          }
        } catch (SQLException e) {
          // Two may want the same key, or wait for each other.
          assertThat(e.getSQLState()).isIn("23505", "40P01");
        }
      }
    }
    return written;
  }

  private static String email(int id) throws SQLException {
    return value(pair.sides.target, "shop2", "SELECT email FROM contacts WHERE person_id = " + id);
  }

  private static long count(EmbeddedServer server, String database, String table)
      throws SQLException {
    return Long.parseLong(value(server, database, "SELECT count(*) FROM " + table));
  }

  private static String value(EmbeddedServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? String.valueOf(result.getString(1)) : "";
    }
  }
}
