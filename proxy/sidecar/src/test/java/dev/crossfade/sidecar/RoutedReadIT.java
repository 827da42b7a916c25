package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of mapped tables are answered by new, and nobody can tell. */
class RoutedReadIT {
  private static Pair pair;
  private static Sidecar whole;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    whole = pair.sidecar("RAMP", "100%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    whole.close();
    pair.close();
  }

  private static final List<String> READS =
      List.of(
          "SELECT * FROM customers WHERE id = 17",
          "select c.full_name, c.email from customers c where c.id in (1, 5, 7) order by c.id",
          "SELECT count(*), sum(balance_cents), min(created_at) FROM public.customers",
          "SELECT a.id, b.full_name FROM customers a JOIN customers AS b ON a.id + 1 = b.id WHERE"
              + " a.id < 9 ORDER BY 1",
          "WITH few AS (SELECT * FROM customers WHERE id < 4) SELECT f.*, 'it''s' FROM few f ORDER"
              + " BY id DESC",
          "SELECT email, count(*) FROM \"customers\" WHERE email IS NULL GROUP BY email",
          "SELECT full_name FROM customers WHERE id = -1",
          "SELECT upper(full_name) || '!', balance_cents::text FROM customers ORDER BY id LIMIT 3"
              + " OFFSET 2");

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return read(result);
    }
  }

  private static List<String> read(ResultSet result) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    List<String> rows = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      head.append(meta.getColumnLabel(i))
          .append(':')
          .append(meta.getColumnTypeName(i))
          .append(':')
          .append(meta.getPrecision(i))
          .append(' ');
    }
    rows.add(head.toString());
    while (result.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        row.append(result.getString(i)).append('|');
      }
      rows.add(row.toString());
    }
    return rows;
  }

  private static long onNew() {
    return Pair.queries(whole, "side=\"new\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void everyReadIsTheSameOnNew(String mode) throws Exception {
    try (Connection through = Pair.connect(whole, "preferQueryMode", mode);
        Connection direct = pair.old.connect("shop", Pair.USER, Pair.PASSWORD)) {
      for (String sql : READS) {
        List<String> expected = rows(direct, sql);
        Awaitility.await(sql)
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> {
                  long before = onNew();
                  assertThat(rows(through, sql)).as(sql).isEqualTo(expected);
                  return onNew() == before + 1;
                });
        for (int i = 0; i < 7; i++) {
          assertThat(rows(through, sql)).as(sql).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void preparedStatementsSwitchSides(String mode) throws Exception {
    try (Sidecar half = pair.sidecar("RAMP", "50%", "random");
        Connection through =
            Pair.connect(
                half, "preferQueryMode", mode, "prepareThreshold", "3", "binaryTransfer", "true");
        PreparedStatement statement =
            through.prepareStatement(
                "SELECT id, full_name, email, balance_cents FROM customers WHERE id = ?")) {
      int wrong = 0;
      for (int i = 0; i < 600; i++) {
        long id = i % Pair.CUSTOMERS + 1;
        statement.setLong(1, id);
        try (ResultSet result = statement.executeQuery()) {
          wrong += result.next() && result.getLong(1) == id && result.getLong(4) == id * 17 ? 0 : 1;
        }
      }
      assertThat(wrong).isZero();
      assertThat(Pair.queries(half, "side=\"new\"")).isBetween(150L, 400L);
      assertThat(Pair.metric(half, "crossfade_fallbacks_total")).isZero();
    }
  }

  @Test
  void writesGoToOldAndStopTheReadsOfWhatTheyMadeStale() throws Exception {
    try (Sidecar own = pair.sidecar("RAMP", "100%", "session");
        Connection through = Pair.connect(own)) {
      rows(through, READS.getFirst());
      Awaitility.await()
          .until(
              () -> {
                rows(through, READS.getFirst());
                return Pair.queries(own, "side=\"new\"") > 0;
              });
      through
          .createStatement()
          .execute("UPDATE customers SET balance_cents = balance_cents + 1 WHERE id = 17");
      try {
        assertThat(rows(through, READS.getFirst()).get(1)).contains("|290|");
        assertThat(Pair.queries(own, "UNMIRRORED_WRITE")).isEqualTo(1);
      } finally {
        through.createStatement().execute("UPDATE customers SET balance_cents = 289 WHERE id = 17");
      }
    }
  }

  @Test
  void errorsAreOldsOwn() throws Exception {
    try (Connection through = Pair.connect(whole);
        Connection direct = pair.old.connect("shop", Pair.USER, Pair.PASSWORD)) {
      String sql = "SELECT 1 / (id - 3) FROM customers WHERE id = 3";
      String expected = message(direct, sql);
      for (int i = 0; i < 30; i++) {
        assertThat(message(through, sql)).isEqualTo(expected);
      }
    }
  }

  private static String message(Connection connection, String sql) {
    try {
      rows(connection, sql);
      return "none";
    } catch (SQLException e) {
      return e.getSQLState() + ' ' + e.getMessage();
    }
  }

  @Test
  void settingsFollowTheSession() throws Exception {
    String sql = "SELECT id, created_at::text FROM customers WHERE id = 5";
    try (Connection through = Pair.connect(whole);
        Connection direct = pair.old.connect("shop", Pair.USER, Pair.PASSWORD)) {
      for (String setting :
          List.of(
              "SET TimeZone = 'Asia/Tokyo'",
              "SET DateStyle = 'ISO, DMY'",
              "RESET DateStyle",
              "SELECT set_config('TimeZone', 'Europe/Rome', false)",
              "SELECT pg_catalog.set_config('DateStyle', 'ISO, DMY', false)",
              "SELECT set_config('TimeZone', 'Asia/Tokyo', true)",
              "SELECT setting FROM pg_settings WHERE name = 'TimeZone'")) {
        through.createStatement().execute(setting);
        direct.createStatement().execute(setting);
        List<String> expected = rows(direct, sql);
        Awaitility.await(setting)
            .until(
                () -> {
                  long before = onNew();
                  assertThat(rows(through, sql)).as(setting).isEqualTo(expected);
                  return onNew() > before;
                });
      }
    }
  }

  @Test
  void aReadOnlyTransactionStaysOnItsSide() throws Exception {
    try (Connection through = Pair.connect(whole, "preferQueryMode", "simple");
        Statement statement = through.createStatement()) {
      rows(through, READS.getFirst());
      Awaitility.await()
          .until(
              () -> {
                long before = onNew();
                statement.execute("BEGIN READ ONLY");
                rows(through, READS.getFirst());
                rows(through, READS.getFirst());
                statement.execute("COMMIT");
                return onNew() == before + 2;
              });
      long before = onNew();
      statement.execute("BEGIN");
      rows(through, READS.getFirst());
      statement.execute("ROLLBACK");
      assertThat(onNew()).isEqualTo(before);
    }
  }

  @Test
  void whatTheUserMayNotReadOnOldItCannotReadOnNew() throws Exception {
    pair.old.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
    try (Connection through = Pair.connect(whole, "user", "stranger", "password", "stranger")) {
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> rows(through, READS.getFirst()))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      }
    }
  }

  @Test
  void newIsKilledAndComesBackAndNobodyNotices() throws Exception {
    try (Sidecar own = pair.sidecar("RAMP", "100%", "random");
        Connection through = Pair.connect(own);
        PreparedStatement statement =
            through.prepareStatement("SELECT balance_cents FROM customers WHERE id = ?")) {
      reads(statement, 200);
      assertThat(Pair.queries(own, "side=\"new\"")).isPositive();
      pair.target.kill();
      try {
        reads(statement, 200);
      } finally {
        pair.target.startAgain();
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                long before = Pair.queries(own, "side=\"new\"");
                reads(statement, 10);
                return Pair.queries(own, "side=\"new\"") > before;
              });
    }
  }

  @Test
  void aFrozenNewDelaysAReadOnceAndFailsNone() throws Exception {
    try (Sidecar own =
            pair.sidecar(
                "RAMP", "100%", "random", "limits: {newTimeout: 300ms, connectTimeout: 300ms}");
        Connection through = Pair.connect(own);
        PreparedStatement statement =
            through.prepareStatement("SELECT balance_cents FROM customers WHERE id = ?")) {
      reads(statement, 200);
      pair.target.freeze();
      try {
        reads(statement, 200);
      } finally {
        pair.target.thaw();
      }
      assertThat(Pair.metric(own, "crossfade_fallbacks_total")).isPositive();
    }
  }

  private static void reads(PreparedStatement statement, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      long id = i % Pair.CUSTOMERS + 1;
      statement.setLong(1, id);
      try (ResultSet result = statement.executeQuery()) {
        assertThat(result.next()).isTrue();
        assertThat(result.getLong(1)).isEqualTo(id * 17);
      }
    }
  }
}
