package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.JdbcComparison.attempt;
import static dev.crossfade.sidecar.JdbcComparison.read;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** What pgjdbc reads, and how its sessions go: through the sidecar as directly. */
class JdbcDriverIT {
  private static final String BY_ID =
      "SELECT * FROM customers WHERE id BETWEEN ? AND ? ORDER BY id";

  private static JdbcComparison both;

  @BeforeAll
  static void start() throws Exception {
    both = new JdbcComparison();
  }

  @AfterAll
  static void stop() throws Exception {
    both.close();
  }

  @ParameterizedTest
  @CsvSource({
    "simple, 5, false",
    "extended, 0, true",
    "extended, 1, true",
    "extended, 5, true",
    "extended, 1, false",
    "extended, -1, true",
    "extendedForPrepared, 1, true",
    "extendedForPrepared, 5, false",
    "extendedCacheEverything, 0, true",
    "extendedCacheEverything, 1, true",
    "extendedCacheEverything, 5, false"
  })
  void preparedReadsInEveryMode(String mode, String threshold, String binary) throws Exception {
    // The first of a statement asks old what it is like.
    both.sameOnNew(
        16,
        (connection, seen) -> {
          try (PreparedStatement first = connection.prepareStatement(BY_ID);
              PreparedStatement second =
                  connection.prepareStatement(
                      "SELECT email, balance_cents FROM customers WHERE full_name = ? AND id < ?");
              PreparedStatement unmapped =
                  connection.prepareStatement("SELECT ?::int + 1 AS one, ?::text AS two")) {
            for (int i = 0; i < 10; i++) {
              first.setLong(1, 7L * i);
              first.setLong(2, 7L * i + 2);
              seenFrom(first, seen);
              second.setString(1, "Given" + 9 * i + " Family" + 9 * i);
              second.setInt(2, 60);
              seenFrom(second, seen);
              unmapped.setInt(1, i);
              unmapped.setString(2, i % 2 == 0 ? null : "é" + i);
              seenFrom(unmapped, seen);
            }
          }
        },
        "preferQueryMode",
        mode,
        "prepareThreshold",
        threshold,
        "binaryTransfer",
        binary);
  }

  private static void seenFrom(PreparedStatement statement, List<String> seen) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      read(rows, seen);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended"})
  void parametersOfManyTypes(String mode) throws Exception {
    String sql =
        "SELECT ?::bool, ?::int2, ?::int8, ?::float4, ?::float8, ?::numeric, ?::text, ?::bytea,"
            + " ?::uuid, ?, ?, ?::int[], ?::jsonb, ?::interval, ?::inet, (SELECT"
            + " count(*) FROM customers)";
    both.sameOnNew(
        2,
        (connection, seen) -> {
          Array numbers = connection.createArrayOf("int4", new Integer[] {1, null, 3});
          Object[] values = {
            true,
            (short) -3,
            1L << 40,
            1.5f,
            -2.25,
            new java.math.BigDecimal("12345678901234567890.123"),
            "o'é\\n😀",
            new byte[] {0, 1, -1, 39},
            UUID.fromString("c0ffee00-0000-4000-8000-00000000c0de"),
            LocalDate.of(2024, 2, 29),
            OffsetDateTime.parse("2026-11-21T09:00:00.123456Z"),
            numbers,
            "{\"a\": [1, null]}",
            "1 day 2 hours",
            "::1/64"
          };
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int round = 0; round < 3; round++) {
              for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
              }
              seenFrom(statement, seen);
            }
          }
        },
        "preferQueryMode",
        mode,
        "prepareThreshold",
        "2");
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "true, 7", "true, 500", "true, 9999", "false, 7", "false, 500"})
  void cursorsWithAFetchSize(boolean readOnly, int fetchSize) throws Exception {
    both.same(
        (connection, seen) -> {
          connection.setReadOnly(readOnly);
          connection.setAutoCommit(false);
          try (Statement whole = connection.createStatement();
              PreparedStatement part = connection.prepareStatement(BY_ID)) {
            whole.setFetchSize(fetchSize);
            part.setFetchSize(3);
            part.setLong(1, 20);
            part.setLong(2, 27);
            try (ResultSet rows = whole.executeQuery("SELECT * FROM customers ORDER BY id");
                ResultSet between = part.executeQuery()) {
              between.next();
              seen.add(between.getString(2));
              read(rows, seen);
              read(between, seen);
            }
            try (ResultSet left = whole.executeQuery("SELECT id FROM customers ORDER BY 1")) {
              left.next();
              seen.add(left.getString(1));
            }
          }
          connection.commit();
        });
  }

  @ParameterizedTest
  @CsvSource({"never, extended", "conservative, extended", "always, extended", "always, simple"})
  void savepointsOfTheDriverAndOnesOwn(String autosave, String mode) throws Exception {
    both.same(
        (connection, seen) -> {
          connection.setAutoCommit(false);
          try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO audit (id, note) VALUES (-1, 'kept')");
            attempt(seen, () -> statement.execute("SELECT 1 / 0"));
            attempt(seen, () -> readAll(statement, "SELECT * FROM customers WHERE id = 4", seen));
            attempt(seen, () -> statement.execute("SELECT nothing FROM customers"));
            attempt(seen, () -> readAll(statement, "SELECT * FROM audit WHERE id < 0", seen));
            connection.rollback();
            Savepoint outer = connection.setSavepoint("outer");
            statement.execute("INSERT INTO audit (id, note) VALUES (-2, 'lost')");
            Savepoint inner = connection.setSavepoint();
            attempt(seen, () -> statement.execute("INSERT INTO audit (id) VALUES (-2)"));
            connection.rollback(inner);
            attempt(seen, () -> readAll(statement, "SELECT * FROM audit WHERE id < 0", seen));
            connection.rollback(outer);
            connection.releaseSavepoint(outer);
            readAll(statement, "SELECT * FROM audit WHERE id < 0", seen);
            readAll(statement, "SELECT full_name FROM customers WHERE id = 3", seen);
            connection.rollback();
          }
        },
        "autosave",
        autosave,
        "preferQueryMode",
        mode);
  }

  private static void readAll(Statement statement, String sql, List<String> seen)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      read(rows, seen);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {32_768, 65_535})
  void asManyParametersAsTheProtocolAllows(int count) throws Exception {
    String marks = IntStream.range(0, count).mapToObj(i -> "?").collect(Collectors.joining(","));
    both.same(
        (connection, seen) -> {
          for (String table : List.of("customers", "(SELECT 1234 AS id) few")) {
            try (PreparedStatement statement =
                connection.prepareStatement(
                    "SELECT count(*), sum(id) FROM " + table + " WHERE id IN (" + marks + ")")) {
              for (int i = 0; i < count; i++) {
                statement.setInt(i + 1, 3 * i);
              }
              seenFrom(statement, seen);
            }
          }
        },
        "prepareThreshold",
        "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended"})
  void severalResultsOfOneStatement(String mode) throws Exception {
    both.same(
        (connection, seen) -> {
          try (Statement statement = connection.createStatement()) {
            String sql =
                "SELECT 1 AS a; SELECT full_name FROM customers WHERE id < 3 ORDER BY id; SET"
                    + " work_mem = '5MB'; SELECT count(*) FROM customers";
            boolean rows = statement.execute(sql);
            for (int i = 0; i < 6; i++) {
              if (rows) {
                read(statement.getResultSet(), seen);
              } else {
                seen.add("count " + statement.getUpdateCount());
              }
              rows = statement.getMoreResults();
            }
            attempt(
                seen,
                () ->
                    statement.execute("SELECT 1; SELECT 1 / 0; SELECT id FROM customers LIMIT 1"));
            readAll(statement, "SELECT 2", seen);
          }
        },
        "preferQueryMode",
        mode);
  }

  @Test
  void readOnlyTransactionsOnNew() throws Exception {
    // In this mode the driver waits for the answer to BEGIN, so that new can follow.
    both.sameOnNew(
        2,
        (connection, seen) -> {
          connection.setReadOnly(true);
          connection.setAutoCommit(false);
          try (Statement statement = connection.createStatement()) {
            readAll(statement, "SELECT * FROM customers WHERE id < 4 ORDER BY id", seen);
            readAll(statement, "SELECT email FROM customers WHERE id = 9", seen);
            attempt(seen, () -> readAll(statement, "SELECT 1 / (id - 3) FROM customers", seen));
            attempt(seen, () -> readAll(statement, "SELECT 1", seen));
            connection.rollback();
            readAll(statement, "SELECT full_name FROM customers WHERE id = 9", seen);
            connection.commit();
          }
        },
        "preferQueryMode",
        "simple");
  }

  /** A read that takes new, as it takes old, much longer than the driver waits. */
  @Test
  void aTimeoutOfTheDriverEndsTheQuery() throws Exception {
    String sql = "SELECT count(*) FROM customers a, customers b, customers c, customers d";
    both.sameOnNew(
        1,
        (connection, seen) -> {
          try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            attempt(seen, () -> readAll(statement, sql, seen));
            statement.setQueryTimeout(0);
            for (int i = 0; i < 20; i++) {
              readAll(statement, "SELECT id, email FROM customers WHERE id = " + i, seen);
            }
          }
        });
  }

  @Test
  void whatTheCatalogSays() throws Exception {
    both.same(
        (connection, seen) -> {
          DatabaseMetaData meta = connection.getMetaData();
          seen.add(meta.getDatabaseProductVersion() + meta.getUserName());
          for (ResultSet rows :
              List.of(
                  meta.getTables(null, null, "%", null),
                  meta.getColumns(null, null, "customers", "%"),
                  meta.getColumns(null, "public", "%", "%"),
                  meta.getPrimaryKeys(null, null, "customers"),
                  meta.getIndexInfo(null, null, "customers", false, false),
                  meta.getImportedKeys(null, null, "customers"),
                  meta.getTablePrivileges(null, null, "customers"),
                  meta.getFunctions(null, null, "pg_sl%"),
                  meta.getTypeInfo(),
                  meta.getSchemas(),
                  meta.getCatalogs())) {
            read(rows, seen);
          }
          try (PreparedStatement statement = connection.prepareStatement(BY_ID)) {
            var columns = statement.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
              seen.add(columns.getColumnName(i) + ' ' + columns.getColumnClassName(i));
              seen.add(columns.isAutoIncrement(i) + " " + columns.getTableName(i));
            }
            seen.add(statement.getParameterMetaData().getParameterTypeName(2));
          }
        });
  }

  @Test
  void whatTheDriverSetsOfItsSession() throws Exception {
    String zone = "SELECT full_name, created_at::text AS created FROM customers WHERE id = 5";
    both.sameOnNew(
        1,
        (connection, seen) -> {
          try (Statement statement = connection.createStatement()) {
            readAll(statement, zone, seen);
            connection.setClientInfo("ApplicationName", "order's \"service\"");
            readAll(statement, "SHOW application_name", seen);
            connection.setSchema("pg_catalog");
            attempt(seen, () -> readAll(statement, zone, seen));
            connection.setSchema("public");
            readAll(statement, zone, seen);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setReadOnly(true);
            attempt(seen, () -> statement.execute("DELETE FROM audit WHERE id = -3"));
            connection.setReadOnly(false);
            connection.setNetworkTimeout(Runnable::run, 5000);
            seen.add(connection.isValid(2) + " " + connection.getTransactionIsolation());
            readAll(statement, "SHOW transaction_isolation", seen);
          }
        },
        "options",
        "-c TimeZone=Asia/Tokyo -c statement_timeout=9s");
  }

  @Test
  void notificationsBetweenReads() throws Exception {
    both.sameOnNew(
        3,
        (connection, seen) -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN news");
            for (int i = 0; i < 3; i++) {
              statement.execute("NOTIFY news, 'number " + i + "'");
              readAll(statement, "SELECT full_name FROM customers WHERE id = " + i, seen);
              for (var each : connection.unwrap(PGConnection.class).getNotifications(5000)) {
                seen.add(each.getName() + ' ' + each.getParameter());
              }
            }
          }
        });
  }
}
