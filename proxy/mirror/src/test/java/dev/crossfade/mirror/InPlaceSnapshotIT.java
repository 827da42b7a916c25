package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two transactions at the same entity: neither loses what it wrote, whatever it could see. */
class InPlaceSnapshotIT {
  private static Store store;
  private Connection one;
  private Statement first;

  @BeforeAll
  static void start() throws Exception {
    store = Store.start();
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @BeforeEach
  void fill() throws Exception {
    store.server.execute(
        "TRUNCATE customers, baskets, items",
        "INSERT INTO customers VALUES (1, 'A B', 'a@x'), (2, 'C D', 'c@x')",
        "INSERT INTO baskets VALUES (1, 'o'), (2, 'p')",
        "INSERT INTO items VALUES (1, 1, 'a', 1), (2, 1, 'b', 2), (3, 2, 'a', 3)");
    one = store.connect();
    first = one.createStatement();
  }

  @AfterEach
  void same() throws Exception {
    one.close();
    assertThat(store.value(store.differences(Side.OLD))).isEqualTo("0");
  }

  private void begin(String isolation) throws SQLException {
    first.execute("BEGIN ISOLATION LEVEL " + isolation);
    first.execute("SELECT count(*) FROM pg_class");
  }

  private void serializationFailure(String sql) throws SQLException {
    assertThatThrownBy(() -> first.execute(sql))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("40001"));
    first.execute("ROLLBACK");
  }

  @Test
  void twoRowsOfOneEntityAreChangedOneAfterTheOther() throws Exception {
    try (Connection two = store.connect();
        Statement second = two.createStatement();
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      first.execute("BEGIN; UPDATE items SET pieces = 10 WHERE id = 1");
      Future<?> waiting =
          thread.submit(() -> second.execute("UPDATE items SET pieces = 20 WHERE id = 2"));
      Await.until(
          "the second waits for the first",
          Duration.ofSeconds(10),
          () ->
              store
                  .value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                  .equals("1"));
      first.execute("COMMIT");
      waiting.get(10, TimeUnit.SECONDS);
    }
    assertThat(store.value("SELECT pieces FROM carts WHERE id = 1")).isEqualTo("30");
  }

  @Test
  void otherEntitiesDoNotWait() throws Exception {
    first.execute(
        "BEGIN; UPDATE items SET pieces = 10 WHERE id = 1; UPDATE customers SET full_name = 'X'");
    try (Connection two = store.connect();
        Statement second = two.createStatement()) {
      second.execute("SET lock_timeout = '5s'");
      second.execute("UPDATE items SET pieces = 20 WHERE id = 3");
      second.execute("INSERT INTO customers SELECT i, 'N' FROM generate_series(10, 3000) AS i");
    }
    first.execute("COMMIT");
  }

  @Test
  void whatAnOlderSnapshotDoesNotSeeIsNotUndone() throws Exception {
    for (String isolation : List.of("REPEATABLE READ", "SERIALIZABLE")) {
      begin(isolation);
      store.server.execute("INSERT INTO items VALUES (10, 1, 'new', 1)");
      serializationFailure("INSERT INTO items VALUES (11, 1, 'other', 1)");
      begin(isolation);
      store.server.execute("DELETE FROM items WHERE id = 10");
      serializationFailure("UPDATE items SET pieces = 5 WHERE id = 1");
      begin(isolation);
      store.server.execute("UPDATE baskets SET owner = owner || 'x' WHERE id = 1");
      serializationFailure("DELETE FROM items WHERE id = 1");
    }
  }

  @Test
  void anEntityThatAnOlderSnapshotStillSeesIsNotMadeAgain() throws Exception {
    begin("REPEATABLE READ");
    store.server.execute("DELETE FROM customers WHERE id = 1");
    serializationFailure("INSERT INTO customers VALUES (1, 'New One', 'n@x')");
    begin("REPEATABLE READ");
    store.server.execute("UPDATE customers SET id = 9 WHERE id = 2");
    serializationFailure("INSERT INTO customers VALUES (2, 'New Two', 'm@x')");
    begin("REPEATABLE READ");
    first.execute("INSERT INTO customers VALUES (2, 'New Two', 'm@x')");
    first.execute("COMMIT");
  }

  @Test
  void anOlderSnapshotMayChangeWhatNobodyElseHas() throws Exception {
    begin("REPEATABLE READ");
    store.server.execute(
        "UPDATE items SET pieces = 9 WHERE id = 3",
        "UPDATE customers SET full_name = 'X Y' WHERE id = 2");
    first.execute("UPDATE items SET pieces = 8 WHERE id = 1");
    first.execute("UPDATE customers SET email = NULL WHERE id = 1");
    first.execute("COMMIT");
    assertThat(store.value("SELECT string_agg(pieces::text, ',' ORDER BY id) FROM carts"))
        .isEqualTo("10,9");
  }

  /** It would delete old's row, and not see new's, which is younger than its snapshot. */
  @Test
  void whatWasCarriedAfterASnapshotIsNotForgotten() throws Exception {
    store.server.execute(
        "SET session_replication_role = replica; ALTER TABLE people DISABLE TRIGGER ALL; ALTER"
            + " TABLE contacts DISABLE TRIGGER ALL; DELETE FROM contacts; DELETE FROM people; ALTER"
            + " TABLE people ENABLE TRIGGER ALL; ALTER TABLE contacts ENABLE TRIGGER ALL");
    store.install();
    begin("REPEATABLE READ");
    assertThat(
            new Backfill(store.up, store.endpoint(), store.endpoint(), Backfill.Settings.USUAL)
                .run(true, new InPlaceUnderLoadIT.Quiet()))
        .isTrue();
    serializationFailure("DELETE FROM customers WHERE id = 1");
    begin("REPEATABLE READ");
    first.execute("DELETE FROM customers WHERE id = 1");
    first.execute("COMMIT");
    assertThat(store.value("SELECT count(*) FROM people")).isEqualTo("1");
    store.server.execute("TRUNCATE crossfade.mutation, crossfade.backfill");
  }

  @Test
  void aBackfillWaitsForThoseWhoHaveWrittenAndDoesNotUndoIt() throws Exception {
    first.execute("BEGIN; UPDATE customers SET full_name = 'Later Name' WHERE id = 1");
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Boolean> backfill =
          thread.submit(
              () ->
                  new Backfill(
                          store.up, store.endpoint(), store.endpoint(), Backfill.Settings.USUAL)
                      .run(true, new InPlaceUnderLoadIT.Quiet()));
      Await.until(
          "it waits",
          Duration.ofSeconds(10),
          () ->
              store
                  .value(
                      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                  .equals("1"));
      first.execute("UPDATE customers SET full_name = 'Last Name' WHERE id = 2");
      first.execute("COMMIT");
      assertThat(backfill.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(store.value("SELECT string_agg(given_name, ',' ORDER BY id) FROM people"))
        .isEqualTo("Later,Last");
    store.server.execute("TRUNCATE crossfade.backfill");
  }
}
