package dev.crossfade.bench.rollout.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the old database from which parameters are taken. Values of one table in one statement
 * are of one row, so that conditions on several columns find something.
 */
final class SampledRows {
  private static final int ROWS_MAX = 2_000;
  private static final int TABLES_MAX = 2_000;
  private static final double WHOLE_MAX = 1_000_000;
  private static final String COLUMNS =
      "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
          + " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND pg_table_is_visible(c.oid) AND"
          + " c.relnamespace NOT IN ('pg_catalog'::regnamespace,"
          + " 'information_schema'::regnamespace) AND a.attnum > 0 AND NOT a.attisdropped";

  private final Map<String, List<Map<String, String>>> rows;

  private SampledRows(Map<String, List<Map<String, String>>> rows) {
    this.rows = rows;
  }

  /** Columns of all tables that a statement can name without a schema. */
  static Map<String, Set<String>> columns(Connection old) throws SQLException {
    Map<String, Set<String>> columns = new HashMap<>();
    try (Statement statement = old.createStatement();
        ResultSet row = statement.executeQuery(COLUMNS)) {
      while (row.next() && columns.size() < TABLES_MAX) {
        columns
            .computeIfAbsent(row.getString(1), table -> new LinkedHashSet<>())
            .add(row.getString(2));
      }
    }
    return columns;
  }

  /** Takes up to 2,000 rows of each table, of these columns only. */
  static SampledRows take(Connection old, Collection<Hole.Column> wanted) throws SQLException {
    Map<String, Set<String>> byTable = new TreeMap<>();
    wanted.forEach(
        column ->
            byTable
                .computeIfAbsent(column.table(), table -> new LinkedHashSet<>())
                .add(column.name()));
    Map<String, List<Map<String, String>>> rows = new HashMap<>();
    for (Map.Entry<String, Set<String>> table : byTable.entrySet()) {
      rows.put(table.getKey(), sample(old, table.getKey(), List.copyOf(table.getValue())));
    }
    return new SampledRows(rows);
  }

  private static List<Map<String, String>> sample(
      Connection old, String table, List<String> columns) throws SQLException {
    String select =
        columns.stream()
            .map(column -> quoted(column) + "::text")
            .collect(Collectors.joining(", ", "SELECT ", " FROM " + quoted(table)));
    List<Map<String, String>> rows = new ArrayList<>();
    try (Statement statement = old.createStatement();
        ResultSet row = statement.executeQuery(select + sampling(old, table))) {
      while (row.next()) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          String value = row.getString(i + 1);
          if (value != null) {
            values.put(columns.get(i), value);
          }
        }
        rows.add(values);
      }
    }
    return rows;
  }

  /** Single rows of a small table, whole pages of a large one. */
  private static String sampling(Connection old, String table) throws SQLException {
    try (Statement statement = old.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT reltuples, relkind IN ('r', 'm') FROM pg_class WHERE oid = "
                    + Call.literal(quoted(table))
                    + "::regclass")) {
      row.next();
      double tuples = row.getDouble(1);
      String limit = " LIMIT " + ROWS_MAX;
      if (!row.getBoolean(2) || tuples <= ROWS_MAX) {
        return limit;
      }
      double percent = Math.min(100, 100.0 * ROWS_MAX / tuples);
      return String.format(
              Locale.ROOT,
              " TABLESAMPLE %s (%.6f) REPEATABLE (1)",
              tuples > WHOLE_MAX ? "SYSTEM" : "BERNOULLI",
              percent)
          + limit;
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * A value of a column.
   *
   * @param place which row; others come near it
   * @return null when the table has no row with a value there
   */
  @Nullable String value(Hole.Column column, int place) {
    List<Map<String, String>> all = rows.getOrDefault(column.table(), List.of());
    for (int i = 0; i < all.size(); i++) {
      String value = all.get(Math.floorMod(place + i, all.size())).get(column.name());
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
