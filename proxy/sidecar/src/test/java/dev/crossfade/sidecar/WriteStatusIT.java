package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known beforehand of the writes of a session that speaks the old shape. */
class WriteStatusIT {
  private static Pair pair;
  private SteeredSidecar steered;
  private SeenQueries seen;

  @BeforeAll
  static void startServers() throws Exception {
    pair = new Pair();
  }

  @AfterAll
  static void stopServers() throws Exception {
    pair.close();
  }

  @BeforeEach
  void start() throws Exception {
    steered = SteeredSidecar.start(pair);
    seen = new SeenQueries(steered.controlPlane);
    steered.use(Stage.STAGE_OFF);
  }

  @AfterEach
  void stop() throws Exception {
    steered.close();
  }

  private WireClient client() throws IOException {
    WireClient client = WireClient.connect("127.0.0.1", steered.sidecar.address().getPort());
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  /** Each in a transaction that is undone: what they change is of no interest. */
  private void run(Iterable<String> statements) throws Exception {
    try (WireClient client = client()) {
      for (String sql : statements) {
        client.query("BEGIN");
        if (sql.endsWith("FROM STDIN")) {
          client.exchange(Messages.query(sql), Messages.copyDone());
        } else {
          client.query(sql);
        }
        client.query("ROLLBACK");
      }
    }
  }

  private static String snapshot(String database, boolean old) throws Exception {
    try (Connection connection =
            (old ? pair.old : pair.target).connect(database, Pair.USER, Pair.PASSWORD);
        var statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT string_agg(t::text, ';' ORDER BY 1) FROM "
                    + (old ? "customers t" : "(SELECT * FROM people, contacts) t"))) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  @Test
  void whatCanBeCarriedOutOnNewIsToldAsTranslated() throws Exception {
    Map<String, QueryKind> expected =
        Map.of(
            "update customers set email = ?s where id = ?4",
            QueryKind.QUERY_KIND_WRITE,
            "insert into customers ( id , full_name , created_at ) values ( ?4 , ?s , now ( ) )"
                + " returning id",
            QueryKind.QUERY_KIND_WRITE,
            "delete from customers where id in ( ?4 , ?4 )",
            QueryKind.QUERY_KIND_WRITE,
            "merge into customers c using ( values ( ?4 ) ) as v ( id ) on v . id = c . id when"
                + " matched then delete",
            QueryKind.QUERY_KIND_WRITE,
            "copy customers from stdin",
            QueryKind.QUERY_KIND_WRITE,
            "copy customers to stdout",
            QueryKind.QUERY_KIND_OTHER,
            "truncate customers",
            QueryKind.QUERY_KIND_WRITE,
            "select id from customers where id = ?4 for update",
            QueryKind.QUERY_KIND_WRITE);
    String old = snapshot("shop", true);
    String target = snapshot("shop2", false);
    run(
        List.of(
            "UPDATE customers SET email = 'x' WHERE id = 4",
            "INSERT INTO customers (id, full_name, created_at) VALUES (7777, 'A B', now())"
                + " RETURNING id",
            "DELETE FROM customers WHERE id IN (1, 2)",
            "MERGE INTO customers c USING (VALUES (1)) AS v (id) ON v.id = c.id WHEN MATCHED THEN"
                + " DELETE",
            "COPY customers FROM STDIN",
            "COPY customers TO STDOUT",
            "TRUNCATE customers",
            "SELECT id FROM customers WHERE id = 9 FOR UPDATE"));
    seen.await(all -> expected.keySet().stream().allMatch(all::isTranslated));
    expected.forEach(
        (text, kind) -> {
          assertThat(seen.last(text).getKind()).as(text).isEqualTo(kind);
          assertThat(seen.last(text).hasRefusal()).as(text).isFalse();
          assertThat(seen.count(text)).as(text).isEqualTo(1);
        });
    assertThat(snapshot("shop", true)).isEqualTo(old);
    assertThat(snapshot("shop2", false)).isEqualTo(target);
  }

  @Test
  void whatCannotIsToldWithItsReasonAndPlace() throws Exception {
    run(
        List.of(
            "UPDATE customers SET email = version() WHERE id = 4",
            "INSERT INTO audit (note) SELECT full_name FROM customers",
            "DELETE FROM customers WHERE ctid = '(0,1)'",
            "WITH gone AS (DELETE FROM customers WHERE id = 3 RETURNING id) SELECT * FROM gone",
            "SELECT id FROM customers WHERE id = 9 FOR UPDATE SKIP LOCKED",
            "TRUNCATE audit, customers",
            "UPDATE customers SET nothing_such = 1",
            "EXPLAIN SELECT id FROM customers",
            "INSERT INTO audit (customers) VALUES ('a')",
            "SELECT 1; UPDATE customers SET email = NULL"));
    assertRefused("update customers set email = version ( ) where id = ?4", "SERVER_DEPENDENT", 29);
    assertRefused("insert into audit ( note ) select full_name from customers", "MIXED_TABLES", 12);
    assertRefused("delete from customers where ctid = ?s", "SYSTEM_COLUMN", 28);
    assertRefused(
        "with gone as ( delete from customers where id = ?4 returning id ) select * from gone",
        "NOT_A_READ",
        15);
    assertRefused(
        "select id from customers where id = ?4 for update skip locked", "UNSUPPORTED_SYNTAX", 43);
    assertRefused("truncate audit , customers", "MIXED_TABLES", 9);
    assertRefused("update customers set nothing_such = ?4", "OLD_REFUSED", -1);
    assertRefused("insert into audit ( customers ) values ( ?s )", "OLD_REFUSED", -1);
    String explain = "explain select id from customers";
    assertRefused(explain, "NOT_A_READ", -1);
    assertThat(seen.last(explain).getKind()).isEqualTo(QueryKind.QUERY_KIND_OTHER);
    assertRefused("select ?4 ; update customers set email = null", "MULTIPLE_STATEMENTS", 12);
  }

  private void assertRefused(String text, String code, int offset) {
    seen.await(all -> all.isRefused(text, code));
    assertThat(seen.last(text).getRefusal().hasOffset()).as(text).isEqualTo(offset >= 0);
    assertThat(seen.last(text).getRefusal().getOffset()).as(text).isEqualTo(Math.max(0, offset));
  }

  @Test
  void aPreparedWriteIsPlannedWithItsParametersAndStillGoesToOld() throws Exception {
    steered.use(Stage.STAGE_RAMP);
    String text = "update customers set email = $1 where id = $2";
    try (WireClient client = client()) {
      client.exchange(
          Messages.parse("w", "UPDATE customers SET email = $1 WHERE id = $2"), Messages.sync());
      for (int i = 1; i <= 3; i++) {
        client.exchange(
            Messages.bind("", "w", Parameter.text("set" + i), Parameter.int8(i)),
            Messages.execute("", 0),
            Messages.sync());
      }
      seen.await(all -> all.isTranslated(text) && all.count(text) == 3);
    }
    try (Connection direct = pair.old.connect("shop", Pair.USER, Pair.PASSWORD);
        var statement = direct.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*) FROM customers WHERE email LIKE 'set%'")) {
      row.next();
      assertThat(row.getInt(1)).isEqualTo(3);
    }
    assertThat(Pair.queries(steered.sidecar, "side=\"new\"")).isZero();
  }

  @Test
  void aValueThatIsWrongSaysNothingOfTheOthers() throws Exception {
    String text = "update customers set balance_cents = ?s where id = ?4";
    run(List.of("UPDATE customers SET balance_cents = 'much' WHERE id = 1"));
    seen.await(all -> all.count(text) == 1);
    assertThat(seen.last(text).getKind()).isEqualTo(QueryKind.QUERY_KIND_WRITE);
    assertThat(seen.isRefused(text, "OLD_REFUSED")).isFalse();
    run(List.of("UPDATE customers SET balance_cents = '17' WHERE id = 1"));
    seen.await(all -> all.isTranslated(text));
  }

  @Test
  void aTextTooLargeToBePlannedIsToldAsSuchUntilAShorterOneComes() throws Exception {
    String text = "update customers set email = ?s where id = ?8";
    String value = "x".repeat(20_000);
    run(List.of("UPDATE customers SET email = '" + value + "' WHERE id = 12345678901"));
    seen.await(all -> all.isRefused(text, "TOO_LARGE"));
    run(List.of("UPDATE customers SET email = 'x' WHERE id = 12345678901"));
    seen.await(all -> all.isTranslated(text));
  }

  @Test
  void whileNewIsAwayItIsNotKnown() throws Exception {
    String text = "delete from customers where email = ?s";
    pair.target.freeze();
    try {
      run(List.of("DELETE FROM customers WHERE email = 'nobody'"));
      seen.await(all -> all.count(text) == 1);
      assertThat(seen.isTranslated(text)).isFalse();
      assertThat(seen.last(text).hasRefusal()).isFalse();
    } finally {
      pair.target.thaw();
    }
    seen.await(
        all -> {
          rerun(text);
          return all.isTranslated(text);
        });
  }

  private void rerun(String text) {
    try {
      run(List.of(text.replace("?s", "'nobody'")));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
