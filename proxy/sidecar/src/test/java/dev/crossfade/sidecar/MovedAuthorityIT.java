package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
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
  private static final String SET = "UPDATE customers SET balance_cents = ? WHERE id = ?";
  private static final String GET = "SELECT balance_cents FROM customers WHERE id = ?";

  private static MirroredPair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new MirroredPair();
    sidecar = pair.sides.sidecar("RAMP", "0%", "random", MirroredPair.MIRROR);
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  @AfterEach
  void back() throws Exception {
    pair.flip(Side.OLD);
  }

  private static Connection connect(String more) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + sidecar.address().getPort()
            + "/shop?socketTimeout=15&"
            + more,
        Pair.USER,
        Pair.PASSWORD);
  }

  private static int set(Connection connection, long id, long value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SET)) {
      statement.setLong(1, value);
      statement.setLong(2, id);
      return statement.executeUpdate();
    }
  }

  private static long get(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(GET)) {
      statement.setLong(1, id);
      try (ResultSet result = statement.executeQuery()) {
        assertThat(result.next()).isTrue();
        return result.getLong(1);
      }
    }
  }

  private static String one(EmbeddedServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? String.valueOf(result.getString(1)) : "nothing";
    }
  }

  private static String onOld(String sql) throws SQLException {
    return one(pair.sides.old, "shop", sql);
  }

  private static String onNew(String sql) throws SQLException {
    return one(pair.sides.target, "shop2", sql);
  }

  private static void awaitOnOld(String sql, String value) {
    Await.until("it is mirrored back", () -> onOld(sql).equals(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "prepareThreshold=1", "preferQueryMode=simple"})
  void aWriteGoesToWhereTheAuthorityIsNow(String options) throws Exception {
    try (Connection connection = connect(options)) {
      for (int i = 0; i < 7; i++) {
        assertThat(set(connection, 1, i)).isEqualTo(1);
      }
      pair.flip(Side.NEW);
      assertThat(set(connection, 1, 4700)).isEqualTo(1);
      assertThat(get(connection, 1)).isEqualTo(4700);
      assertThat(onNew("SELECT balance FROM people WHERE id = 1")).startsWith("47.0");
      awaitOnOld("SELECT balance_cents FROM customers WHERE id = 1", "4700");
      assertThat(set(connection, -1, 1)).isZero();
      pair.flip(Side.OLD);
      assertThat(set(connection, 1, 4800)).isEqualTo(1);
      assertThat(onOld("SELECT balance_cents FROM customers WHERE id = 1")).isEqualTo("4800");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "prepareThreshold=1", "preferQueryMode=simple"})
  void aTransactionThatHasDoneNothingYetGoesThere(String options) throws Exception {
    try (Connection connection = connect(options)) {
      connection.setAutoCommit(false);
      set(connection, 2, 1);
      connection.commit();
      pair.flip(Side.NEW);
      assertThat(set(connection, 2, 2)).isEqualTo(1);
      assertThat(get(connection, 2)).isEqualTo(2);
      assertThat(set(connection, 3, 3)).isEqualTo(1);
      connection.rollback();
      assertThat(get(connection, 2)).isEqualTo(1);
      connection.commit();
      set(connection, 2, 22);
      set(connection, 3, 33);
      connection.commit();
      assertThat(onNew("SELECT sum(balance) FROM people WHERE id IN (2, 3)")).startsWith("0.55");
      connection.setAutoCommit(true);
      assertThat(get(connection, 3)).isEqualTo(33);
    }
  }

  @Test
  void aTransactionThatHasReadIsToldToBeginAgain() throws Exception {
    try (Connection connection = connect("")) {
      set(connection, 4, 0);
      connection.setAutoCommit(false);
      get(connection, 4);
      pair.flip(Side.NEW);
      SQLException refused = catchThrowableOfType(SQLException.class, () -> set(connection, 4, 44));
      assertThat(refused.getSQLState()).isEqualTo("40001");
      connection.rollback();
      assertThat(set(connection, 4, 44)).isEqualTo(1);
      connection.commit();
      assertThat(get(connection, 4)).isEqualTo(44);
      connection.rollback();
      get(connection, 4);
      pair.flip(Side.OLD);
      refused = catchThrowableOfType(SQLException.class, () -> set(connection, 4, 45));
      assertThat(refused.getSQLState()).isEqualTo("40001");
      connection.rollback();
      set(connection, 4, 45);
      connection.commit();
      assertThat(onOld(GET.replace("?", "4"))).isEqualTo("45");
    }
  }

  @Test
  void whatIsWrittenInABatchIsWrittenOnce() throws Exception {
    try (Connection connection = connect("")) {
      set(connection, 5, 0);
      pair.flip(Side.NEW);
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
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 6, 0);
      pair.flip(Side.NEW);
      try (ResultSet added =
          statement.executeQuery(
              "INSERT INTO customers VALUES (9001, 'Ada Byron', 'ada@example.org', 12, now())"
                  + " RETURNING id, full_name, balance_cents")) {
        assertThat(added.next()).isTrue();
        assertThat(added.getLong(1)).isEqualTo(9001);
        assertThat(added.getString("full_name")).isEqualTo("Ada Byron");
        assertThat(added.getMetaData().getTableName(1)).isEqualTo("customers");
      }
      assertThat(onNew("SELECT family_name FROM people WHERE id = 9001")).isEqualTo("Byron");
      awaitOnOld("SELECT email FROM customers WHERE id = 9001", "ada@example.org");
      assertThat(statement.executeUpdate("DELETE FROM customers WHERE id = 9001")).isEqualTo(1);
      assertThat(onNew("SELECT count(*) FROM contacts WHERE person_id = 9001")).isEqualTo("0");
      awaitOnOld("SELECT count(*) FROM customers WHERE id = 9001", "0");
    }
  }

  @Test
  void rowsAreCopiedIn() throws Exception {
    try (Connection connection = connect("")) {
      set(connection, 7, 0);
      pair.flip(Side.NEW);
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
      awaitOnOld("SELECT count(*) FROM customers WHERE id IN (9101, 9102)", "2");
    }
  }

  @Test
  void aCursorGoesOnWhereItBegan() throws Exception {
    try (Connection connection = connect("")) {
      set(connection, 8, 0);
      pair.flip(Side.NEW);
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
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 9, 0);
      pair.flip(Side.NEW);
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
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 10, 0);
      pair.flip(Side.NEW);
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
      assertThat(onOld("SELECT count(*) FROM audit WHERE note IN ('both', 'old', 'kept')"))
          .isEqualTo("1");
    }
  }

  @Test
  void whatCannotBeTranslatedIsRefused() throws Exception {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 11, 0);
      pair.flip(Side.NEW);
      set(connection, 11, 1);
      SQLException refused =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeQuery("SELECT ctid FROM customers WHERE id = 11"));
      assertThat(refused.getSQLState()).isEqualTo("0A000");
      refused =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeQuery("SELECT * FROM customers c JOIN audit a USING (id)"));
      assertThat(refused.getSQLState()).isEqualTo("0A000");
      refused =
          catchThrowableOfType(
              SQLException.class, () -> statement.executeQuery("SELECT typo FROM customers"));
      assertThat(refused.getSQLState()).isEqualTo("42703");
      assertThat(get(connection, 11)).isEqualTo(1);
    }
  }

  @Test
  void aBatchThatFailsIsUndoneWhole() throws Exception {
    try (Connection connection = connect("");
        PreparedStatement add =
            connection.prepareStatement(
                "INSERT INTO customers VALUES (?, 'x y', NULL, 1, now())")) {
      set(connection, 12, 0);
      pair.flip(Side.NEW);
      for (long id : new long[] {9201, 1, 9202}) {
        add.setLong(1, id);
        add.addBatch();
      }
      BatchUpdateException failed =
          catchThrowableOfType(BatchUpdateException.class, add::executeBatch);
      assertThat(failed.getSQLState()).isEqualTo("23505");
      assertThat(onNew("SELECT count(*) FROM people WHERE id IN (9201, 9202)")).isEqualTo("0");
    }
  }

  @Test
  void aUserDoesOnNewWhatOldWouldLetItDo() throws Exception {
    pair.sides.old.executeIn(
        "shop",
        "CREATE ROLE clerk LOGIN PASSWORD 'clerk secret'",
        "GRANT SELECT, UPDATE ON customers TO clerk");
    try (Connection connection = connect("");
        Connection clerk =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + sidecar.address().getPort() + "/shop",
                "clerk",
                "clerk secret");
        Statement statement = clerk.createStatement()) {
      set(connection, 13, 0);
      pair.flip(Side.NEW);
      set(connection, 13, 1);
      assertThat(set(clerk, 13, 2)).isEqualTo(1);
      assertThat(get(clerk, 13)).isEqualTo(2);
      statement
          .executeQuery("SELECT balance_cents FROM customers WHERE id = 13 FOR UPDATE")
          .close();
      SQLException upsert =
          catchThrowableOfType(
              SQLException.class,
              () ->
                  statement.executeUpdate(
                      "INSERT INTO customers VALUES (13, 'x y', NULL, 1, now()) ON CONFLICT (id)"
                          + " DO UPDATE SET balance_cents = 1"));
      assertThat(upsert.getSQLState()).isEqualTo("42501");
      SQLException refused =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeUpdate("DELETE FROM customers WHERE id = 13"));
      assertThat(refused.getSQLState()).isEqualTo("42501");
      assertThat(get(connection, 13)).isEqualTo(2);
    }
  }

  @Test
  void whoSpeaksTheNewShapeIsToldToGoToNew() throws Exception {
    try (Connection connection = connect("");
        Connection newShape = connect("options=-c%20crossfade.shape=new");
        Statement statement = newShape.createStatement()) {
      set(connection, 14, 0);
      pair.flip(Side.NEW);
      set(connection, 14, 1);
      Await.until(
          "it is refused",
          () -> {
            SQLException refused =
                catchThrowableOfType(
                    SQLException.class,
                    () -> statement.executeUpdate("UPDATE people SET balance = 3 WHERE id = 14"));
            return refused != null && refused.getSQLState().equals("0A000");
          });
      assertThat(get(connection, 14)).isEqualTo(1);
    }
  }
}
