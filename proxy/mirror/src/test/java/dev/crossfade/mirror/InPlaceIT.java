package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** In one database new has what old has at once, whatever kind of statement it was. */
class InPlaceIT {
  private static Store store;

  @BeforeAll
  static void start() throws Exception {
    store = Store.start();
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @BeforeEach
  void empty() throws Exception {
    store.server.execute("TRUNCATE customers, baskets, items");
    assertThat(
            store.value("SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM positions)"))
        .isEqualTo("0");
  }

  /** Each is the same for everybody else, before and after. */
  private static void same(String... statements) throws Exception {
    for (String statement : statements) {
      store.server.execute(statement);
      assertThat(store.value(store.differences(Side.OLD))).as(statement).isEqualTo("0");
    }
    assertThat(store.value("SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");
  }

  private static SQLException refused(String sql) {
    SQLException[] found = new SQLException[1];
    assertThatThrownBy(() -> store.server.execute(sql))
        .isInstanceOfSatisfying(SQLException.class, e -> found[0] = e);
    return found[0];
  }

  @Test
  void insertsUpdatesAndDeletesAreOnBothSides() throws Exception {
    same(
        "INSERT INTO customers SELECT i, 'A' || i || ' B', i || '@x', i, now() FROM"
            + " generate_series(1, 1000) i",
        "UPDATE customers SET full_name = 'Cher', email = NULL WHERE id <= 10",
        "INSERT INTO customers VALUES (7, 'X', 'x@x') ON CONFLICT (id) DO UPDATE SET full_name ="
            + " excluded.full_name",
        "WITH gone AS (DELETE FROM customers WHERE id = 8 RETURNING *) INSERT INTO customers SELECT"
            + " 2000, full_name FROM gone",
        "DELETE FROM customers WHERE id % 3 = 0",
        "DELETE FROM customers WHERE false");
    assertThat(store.value("SELECT count(*) FROM people")).isEqualTo("667");
  }

  @Test
  void moreThanFitsIntoMemoryAtOnceIsWrittenInParts() throws Exception {
    same(
        "INSERT INTO customers SELECT i, 'A B', i || '@x' FROM generate_series(1, 25000) i",
        "UPDATE customers SET full_name = 'C D'",
        "TRUNCATE customers");
    assertThat(store.value("SELECT count(*) FROM people")).isEqualTo("0");
  }

  @Test
  void keyChangesAndCascadesAreOnBothSides() throws Exception {
    same(
        "INSERT INTO baskets SELECT i, 'o' || i FROM generate_series(1, 10) i",
        "INSERT INTO items SELECT i, 1 + i % 10, 'n' || i, i FROM generate_series(1, 50) i",
        "UPDATE baskets SET id = id + 100 WHERE id <= 5",
        "UPDATE items SET basket_id = 6 WHERE id = 7",
        "DELETE FROM baskets WHERE id > 100",
        "INSERT INTO customers VALUES (1, 'A B', 'a@x'), (2, 'C D', 'c@x')",
        "UPDATE customers SET id = id + 1 WHERE id = 2",
        "TRUNCATE baskets CASCADE");
    assertThat(store.value("SELECT count(*) FROM carts")).isEqualTo("0");
  }

  @Test
  void copyAndFunctionsAreOnBothSides() throws Exception {
    try (Connection connection = store.connect()) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY customers (id, full_name, email) FROM STDIN",
              new java.io.StringReader("1\tA B\ta@x\n2\tC D\t\\N\n"));
    }
    same(
        "DO $$ BEGIN FOR i IN 10 .. 30 LOOP INSERT INTO customers VALUES (i, 'F G'); UPDATE"
            + " customers SET balance_cents = i WHERE id = i; END LOOP; END $$");
    assertThat(store.value("SELECT count(*) FROM people")).isEqualTo("23");
  }

  @Test
  void uniqueValuesThatAreExchangedAreOnBothSides() throws Exception {
    same(
        "INSERT INTO customers VALUES (1, 'A B', 'a@x'), (2, 'C D', 'c@x'), (3, 'E F', 'e@x')",
        "BEGIN; UPDATE customers SET email = NULL WHERE id = 1; UPDATE customers SET email = 'a@x'"
            + " WHERE id = 2; UPDATE customers SET email = 'c@x' WHERE id = 1; COMMIT",
        "DELETE FROM customers WHERE id = 3",
        "UPDATE customers SET id = 4, email = 'f@x' WHERE id = 2",
        // One statement: what id 1 had id 4 has, and the other way round.
        "WITH one AS (UPDATE customers SET id = 104 WHERE id = 1) UPDATE customers SET id = 101"
            + " WHERE id = 4",
        "INSERT INTO baskets VALUES (1, 'o')",
        "INSERT INTO items VALUES (1, 1, 'a', 1), (2, 1, 'b', 2)",
        "ALTER TABLE items DROP CONSTRAINT items_basket_id_name_key",
        "UPDATE items SET name = CASE name WHEN 'a' THEN 'b' ELSE 'a' END");
    store.server.execute(
        "ALTER TABLE items ADD CONSTRAINT items_basket_id_name_key UNIQUE (basket_id, name)");
  }

  @Test
  void whatNewCanNotHoldOldDoesNotTake() throws Exception {
    same("INSERT INTO customers VALUES (1, 'A B', 'a@x')");
    SQLException e = refused("UPDATE customers SET balance_cents = -1000000000 WHERE id = 1");
    assertThat(e.getSQLState()).isEqualTo("23514");
    assertThat(e.getMessage())
        .contains("migration store can not have its image in public.people")
        .contains("people_balance_check");
    assertThat(store.value("SELECT balance_cents FROM customers")).isEqualTo("0");
    try (Connection connection = store.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN; UPDATE customers SET full_name = 'C D'; SAVEPOINT s");
      assertThatThrownBy(
              () -> statement.execute("UPDATE customers SET balance_cents = -1000000000"))
          .isInstanceOf(SQLException.class);
      statement.execute("ROLLBACK TO s");
      // The setting that lets mirrors pass the fence has not stayed behind.
      assertThat(Store.value(connection, "SELECT current_setting('crossfade.applying', true)"))
          .isNotEqualTo("on");
      assertThat(Store.value(connection, store.differences(Side.OLD))).isEqualTo("0");
      statement.execute("UPDATE customers SET balance_cents = 5; COMMIT");
    }
    assertThat(store.value("SELECT given_name || balance FROM people")).isEqualTo("C0.05");
    assertThat(store.value(store.differences(Side.OLD))).isEqualTo("0");
  }

  @Test
  void newTakesNoWritesOfOthers() throws Exception {
    same("INSERT INTO customers VALUES (1, 'A B', 'a@x')");
    for (String write :
        new String[] {
          "INSERT INTO people VALUES (9, 'x', 'y', 0, now())",
          "UPDATE contacts SET email = 'z'",
          "TRUNCATE positions",
          "BEGIN; UPDATE customers SET full_name = 'X'; UPDATE people SET given_name = 'Y'; COMMIT",
          "BEGIN ISOLATION LEVEL REPEATABLE READ; DELETE FROM carts; COMMIT"
        }) {
      assertThat(refused(write).getSQLState()).isEqualTo("CF001");
    }
  }

  @Test
  void whoWritesNeedsNoRightsMoreThanOfTheTable() throws Exception {
    store.server.execute("CREATE ROLE plain LOGIN", "GRANT INSERT, SELECT ON customers TO plain");
    try (Connection connection = store.server.connect("postgres", "plain", "")) {
      connection
          .createStatement()
          .execute(
              "SET search_path = nowhere; SET DateStyle = 'ISO, DMY'; SET IntervalStyle ="
                  + " 'iso_8601'; SET TimeZone = 'Asia/Tokyo'");
      connection.createStatement().execute("INSERT INTO public.customers VALUES (1, 'A B', 'a@x')");
    } finally {
      store.server.execute("DROP OWNED BY plain", "DROP ROLE plain");
    }
    assertThat(store.value(store.differences(Side.OLD))).isEqualTo("0");
    assertThat(store.value("SELECT count(*) FROM people")).isEqualTo("1");
  }

  @Test
  void installingAgainChangesNothing() throws Exception {
    String sql =
        "SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_trigger WHERE NOT tgisinternal";
    String before = store.value(sql);
    store.install();
    assertThat(store.value(sql)).isEqualTo(before);
    assertThat(store.value(OneDatabase.capture(store.up, true).check())).isEqualTo("0");
    assertThat(store.value(OneDatabase.capture(store.down, true).check())).isEqualTo("0");
  }

  @Test
  void aFunctionOfAnotherLensCountsAsMissing() throws Exception {
    String name = store.value("SELECT min(proname) FROM pg_proc WHERE proname LIKE 'image\\_%'");
    store.server.execute(
        "CREATE OR REPLACE FUNCTION crossfade."
            + name
            + "(crossfade_k1 text[]) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'");
    assertThat(
            Integer.parseInt(store.value(OneDatabase.capture(store.up, true).check()))
                + Integer.parseInt(store.value(OneDatabase.capture(store.down, true).check())))
        .isEqualTo(1);
    store.install();
    assertThat(store.value(OneDatabase.capture(store.up, true).check())).isEqualTo("0");
    store.server.execute("TRUNCATE crossfade.mutation");
  }

  @Test
  void oneDatabaseIsKnownAndTwoOfOneServerAreNot() throws Exception {
    store.server.createDatabase("another");
    Endpoint another =
        new Endpoint(store.server.jdbcUrl("another", "postgres"), new java.util.Properties());
    assertThat(OneDatabase.is(store.endpoint(), store.endpoint())).isTrue();
    assertThat(OneDatabase.is(store.endpoint(), another)).isFalse();
    assertThat(OneDatabase.is(another, store.endpoint())).isFalse();
  }
}
