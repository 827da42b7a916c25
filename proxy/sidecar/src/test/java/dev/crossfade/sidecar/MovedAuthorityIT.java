package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MovedScene.get;
import static dev.crossfade.sidecar.MovedScene.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.process.Await;
import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * The authority moves under sessions that nobody has told: what they write goes to where it is now,
 * and they do not notice.
 */
class MovedAuthorityIT {
  private static MovedScene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = new MovedScene();
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
  }

  @AfterEach
  void back() throws Exception {
    scene.pair.flip(Side.OLD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "prepareThreshold=1", "preferQueryMode=simple"})
  void aWriteGoesToWhereTheAuthorityIsNow(String options) throws Exception {
    try (Connection connection = scene.connect(options)) {
      for (int i = 0; i < 7; i++) {
        assertThat(set(connection, 1, i)).isEqualTo(1);
      }
      scene.pair.flip(Side.NEW);
      assertThat(set(connection, 1, 4700)).isEqualTo(1);
      assertThat(get(connection, 1)).isEqualTo(4700);
      assertThat(scene.onNew("SELECT balance FROM people WHERE id = 1")).startsWith("47.0");
      scene.awaitOnOld("SELECT balance_cents FROM customers WHERE id = 1", "4700");
      assertThat(set(connection, -1, 1)).isZero();
      scene.pair.flip(Side.OLD);
      assertThat(set(connection, 1, 4800)).isEqualTo(1);
      assertThat(scene.onOld("SELECT balance_cents FROM customers WHERE id = 1")).isEqualTo("4800");
    }
  }

  /** The moment at which nobody can write is none for logins. */
  @Test
  void whoWritesIsConnectedBeforeTheAuthorityMoves() throws Exception {
    String there =
        "SELECT coalesce(string_agg(pid::text, ' '), '') FROM pg_stat_activity"
            + " WHERE application_name = 'ahead'";
    try (Connection connection =
        scene.connect("ApplicationName=ahead&assumeMinServerVersion=9.0")) {
      get(connection, 3);
      set(connection, 3, 1);
      Await.until("it is connected", () -> !scene.onNew(there).isEmpty());
      String pid = scene.onNew(there);
      scene.pair.flip(Side.NEW);
      assertThat(set(connection, 3, 4100)).isEqualTo(1);
      assertThat(scene.onNew(there)).isEqualTo(pid);
      scene.awaitOnOld("SELECT balance_cents FROM customers WHERE id = 3", "4100");
    }
    Await.until("it has left", () -> scene.onNew(there).isEmpty());
    try (Connection connection =
        scene.connect("ApplicationName=ahead&assumeMinServerVersion=9.0")) {
      scene.pair.flip(Side.OLD);
      set(connection, 3, 2);
      Await.until("it is connected", () -> !scene.onNew(there).isEmpty());
      String end =
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
              + " WHERE application_name = 'ahead'";
      assertThat(scene.onNew(end)).isEqualTo("1");
      Await.until("it is lost", () -> scene.onNew(there).isEmpty());
      assertThat(set(connection, 3, 3)).isEqualTo(1);
      scene.pair.flip(Side.NEW);
      assertThat(set(connection, 3, 4200)).isEqualTo(1);
      scene.awaitOnOld("SELECT balance_cents FROM customers WHERE id = 3", "4200");
    }
  }

  /** Who is connected ahead and loses that while it writes goes on writing. */
  @Test
  void whoLosesWhatItDoesNotNeedYetNoticesNothing() throws Exception {
    String there = "FROM pg_stat_activity WHERE application_name = 'many'";
    AtomicBoolean over = new AtomicBoolean();
    // Who still asks new whether it is the authority loses more than it does not need.
    CountDownLatch begun = new CountDownLatch(32);
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> written = new ArrayList<>();
      try {
        for (int writer = 0; writer < 32; writer++) {
          int id = 10 + writer;
          written.add(writers.submit(() -> writeUntil(over, begun, id)));
        }
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        Await.until(
            "they are connected", () -> scene.onNew("SELECT count(*) " + there).equals("32"));
        scene.onNew("SELECT count(pg_terminate_backend(pid)) " + there);
        Await.until("they are lost", () -> scene.onNew("SELECT count(*) " + there).equals("0"));
      } finally {
        over.set(true);
      }
      for (Future<Integer> count : written) {
        assertThat(count.get(20, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  private static int writeUntil(AtomicBoolean over, CountDownLatch begun, int id)
      throws SQLException {
    int written = 0;
    try (Connection connection = scene.connect("ApplicationName=many&assumeMinServerVersion=9.0")) {
      // Once more after it is over: who was never read again would not get that far.
      for (boolean last = false; !last; written++) {
        last = over.get();
        set(connection, id, written);
        if (written == 0) {
          begun.countDown();
        }
      }
    }
    return written;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "prepareThreshold=1", "preferQueryMode=simple"})
  void aTransactionThatHasDoneNothingYetGoesThere(String options) throws Exception {
    try (Connection connection = scene.connect(options)) {
      connection.setAutoCommit(false);
      set(connection, 2, 1);
      connection.commit();
      scene.pair.flip(Side.NEW);
      assertThat(set(connection, 2, 2)).isEqualTo(1);
      assertThat(get(connection, 2)).isEqualTo(2);
      assertThat(set(connection, 3, 3)).isEqualTo(1);
      connection.rollback();
      assertThat(get(connection, 2)).isEqualTo(1);
      connection.commit();
      set(connection, 2, 22);
      set(connection, 3, 33);
      connection.commit();
      assertThat(scene.onNew("SELECT sum(balance) FROM people WHERE id IN (2, 3)"))
          .startsWith("0.55");
      connection.setAutoCommit(true);
      assertThat(get(connection, 3)).isEqualTo(33);
    }
  }

  @Test
  void aTransactionThatHasReadIsToldToBeginAgain() throws Exception {
    try (Connection connection = scene.connect("")) {
      set(connection, 4, 0);
      connection.setAutoCommit(false);
      get(connection, 4);
      scene.pair.flip(Side.NEW);
      SQLException refused = catchThrowableOfType(SQLException.class, () -> set(connection, 4, 44));
      assertThat(refused.getSQLState()).isEqualTo("40001");
      connection.rollback();
      assertThat(set(connection, 4, 44)).isEqualTo(1);
      connection.commit();
      assertThat(get(connection, 4)).isEqualTo(44);
      connection.rollback();
      get(connection, 4);
      scene.pair.flip(Side.OLD);
      refused = catchThrowableOfType(SQLException.class, () -> set(connection, 4, 45));
      assertThat(refused.getSQLState()).isEqualTo("40001");
      connection.rollback();
      set(connection, 4, 45);
      connection.commit();
      assertThat(scene.onOld("SELECT balance_cents FROM customers WHERE id = 4")).isEqualTo("45");
    }
  }

  @Test
  void whatIsWrittenInABatchIsWrittenOnce() throws Exception {
    try (Connection connection = scene.connect("")) {
      set(connection, 5, 0);
      scene.pair.flip(Side.NEW);
      try (PreparedStatement add =
          connection.prepareStatement(
              "UPDATE customers SET balance_cents = balance_cents + ? WHERE id = 5")) {
        for (int i = 1; i <= 10; i++) {
          add.setLong(1, i);
          add.addBatch();
        }
        assertThat(add.executeBatch()).hasSize(10).containsOnly(1);
      }
      assertThat(get(connection, 5)).isEqualTo(55);
    }
  }

  @Test
  void rowsComeAndGoAndAreReturned() throws Exception {
    try (Connection connection = scene.connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 6, 0);
      scene.pair.flip(Side.NEW);
      try (ResultSet added =
          statement.executeQuery(
              "INSERT INTO customers VALUES (9001, 'Ada Byron', 'ada@example.org', 12, now())"
                  + " RETURNING id, full_name, balance_cents")) {
        assertThat(added.next()).isTrue();
        assertThat(added.getLong(1)).isEqualTo(9001);
        assertThat(added.getString("full_name")).isEqualTo("Ada Byron");
        assertThat(added.getMetaData().getTableName(1)).isEqualTo("customers");
      }
      assertThat(scene.onNew("SELECT family_name FROM people WHERE id = 9001")).isEqualTo("Byron");
      scene.awaitOnOld("SELECT email FROM customers WHERE id = 9001", "ada@example.org");
      assertThat(statement.executeUpdate("DELETE FROM customers WHERE id = 9001")).isEqualTo(1);
      assertThat(scene.onNew("SELECT count(*) FROM contacts WHERE person_id = 9001"))
          .isEqualTo("0");
      scene.awaitOnOld("SELECT count(*) FROM customers WHERE id = 9001", "0");
    }
  }

  @Test
  void rowsAreCopiedIn() throws Exception {
    try (Connection connection = scene.connect("")) {
      set(connection, 7, 0);
      scene.pair.flip(Side.NEW);
      set(connection, 7, 1);
      long copied =
          Objects.requireNonNull(connection.unwrap(PGConnection.class))
              .getCopyAPI()
              .copyIn(
                  "COPY customers FROM STDIN",
                  new StringReader(
                      "9101\tA B\t\\N\t1\t2024-01-01 00:00:00Z\n"
                          + "9102\tC D\tc@d.org\t2\t2024-01-01 00:00:00Z\n"));
      assertThat(copied).isEqualTo(2);
      assertThat(get(connection, 9102)).isEqualTo(2);
      scene.awaitOnOld("SELECT count(*) FROM customers WHERE id IN (9101, 9102)", "2");
    }
  }

  @Test
  void aCursorGoesOnWhereItBegan() throws Exception {
    try (Connection connection = scene.connect("")) {
      set(connection, 8, 0);
      scene.pair.flip(Side.NEW);
      set(connection, 8, 1);
      connection.setAutoCommit(false);
      try (PreparedStatement all =
          connection.prepareStatement("SELECT id, full_name FROM customers ORDER BY id")) {
        all.setFetchSize(50);
        int rows = 0;
        try (ResultSet result = all.executeQuery()) {
          while (result.next()) {
            rows++;
          }
        }
        assertThat(rows).isGreaterThanOrEqualTo(Pair.CUSTOMERS);
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("DECLARE c CURSOR FOR SELECT id FROM customers ORDER BY id");
        try (ResultSet result = statement.executeQuery("FETCH 3 FROM c")) {
          int fetched = 0;
          while (result.next()) {
            fetched++;
          }
          assertThat(fetched).isEqualTo(3);
        }
        statement.execute("CLOSE c");
      }
      connection.commit();
    }
  }

  @Test
  void savepointsAndErrorsAreThoseOfOneServer() throws Exception {
    try (Connection connection = scene.connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 9, 0);
      scene.pair.flip(Side.NEW);
      connection.setAutoCommit(false);
      var before = connection.setSavepoint("before");
      set(connection, 9, 1);
      var first = connection.setSavepoint("first");
      set(connection, 9, 2);
      SQLException duplicate =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.execute("INSERT INTO customers VALUES (1, 'x y', NULL, 1, now())"));
      assertThat(duplicate.getSQLState()).isEqualTo("23505");
      SQLException aborted =
          catchThrowableOfType(SQLException.class, () -> statement.execute("SELECT 1"));
      assertThat(aborted.getSQLState()).isEqualTo("25P02");
      connection.rollback(first);
      assertThat(get(connection, 9)).isEqualTo(1);
      statement.execute("SELECT 1");
      connection.rollback(before);
      assertThat(get(connection, 9)).isZero();
      set(connection, 9, 3);
      connection.commit();
      assertThat(get(connection, 9)).isEqualTo(3);
      SQLException unknown =
          catchThrowableOfType(SQLException.class, () -> statement.execute("SELECT nothing"));
      assertThat(unknown.getSQLState()).isEqualTo("42703");
      connection.commit();
      connection.setAutoCommit(true);
      assertThat(get(connection, 9)).isEqualTo(3);
    }
  }

  @Test
  void aTransactionReadsOnBothSidesAndWritesOnOne() throws Exception {
    try (Connection connection = scene.connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 10, 0);
      scene.pair.flip(Side.NEW);
      set(connection, 10, 1);
      connection.setAutoCommit(false);
      set(connection, 10, 2);
      statement.executeQuery("SELECT count(*) FROM audit").close();
      SQLException refused =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.execute("INSERT INTO audit (note) VALUES ('both')"));
      assertThat(refused.getSQLState()).isEqualTo("0A000");
      connection.rollback();
      assertThat(get(connection, 10)).isEqualTo(1);
      statement.execute("INSERT INTO audit (note) VALUES ('old')");
      assertThat(get(connection, 10)).isEqualTo(1);
      refused = catchThrowableOfType(SQLException.class, () -> set(connection, 10, 3));
      assertThat(refused.getSQLState()).isEqualTo("0A000");
      connection.rollback();
      statement.execute("INSERT INTO audit (note) VALUES ('kept')");
      get(connection, 10);
      connection.commit();
      assertThat(scene.onOld("SELECT count(*) FROM audit WHERE note IN ('both', 'old', 'kept')"))
          .isEqualTo("1");
    }
  }

  @Test
  void aBatchThatFailsIsUndoneWhole() throws Exception {
    try (Connection connection = scene.connect("");
        PreparedStatement add =
            connection.prepareStatement(
                "INSERT INTO customers VALUES (?, 'x y', NULL, 1, now())")) {
      set(connection, 12, 0);
      scene.pair.flip(Side.NEW);
      for (long id : new long[] {9201, 1, 9202}) {
        add.setLong(1, id);
        add.addBatch();
      }
      BatchUpdateException failed =
          catchThrowableOfType(BatchUpdateException.class, add::executeBatch);
      assertThat(failed.getSQLState()).isEqualTo("23505");
      assertThat(scene.onNew("SELECT count(*) FROM people WHERE id IN (9201, 9202)"))
          .isEqualTo("0");
    }
  }
}
