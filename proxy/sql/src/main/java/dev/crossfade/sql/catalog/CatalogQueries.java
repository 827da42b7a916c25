package dev.crossfade.sql.catalog;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.Check;
import dev.crossfade.core.schema.TableShape.ForeignKey;
import dev.crossfade.core.schema.TableShape.Rules;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a server's catalog as far as lenses need it. */
public final class CatalogQueries {
  private static final int MAX_COLUMNS = 50_000;

  private static final String OF_USERS =
      "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'"
          + " AND n.nspname NOT LIKE 'pg\\_temp%'";

  private static final String COLUMNS =
      """
      SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
             pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND %s
      ORDER BY n.nspname, c.relname, a.attnum LIMIT %d
      """
          .formatted(OF_USERS, MAX_COLUMNS + 1);

  private static final String UNIQUE_KEYS =
      """
      SELECT n.nspname, c.relname, x.relname, i.indisprimary, a.attname
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_class x ON x.oid = i.indexrelid
           CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, position)
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
            AND k.position <= i.indnkeyatts AND %s
      ORDER BY n.nspname, c.relname, i.indisprimary DESC, x.relname, k.position
      """
          .formatted(OF_USERS);

  private static final String CONSTRAINTS =
      """
      SELECT n.nspname, c.relname, k.conname, k.contype::text, pg_get_expr(k.conbin, k.conrelid),
             pg_get_constraintdef(k.oid), m.nspname, f.relname
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace m ON m.oid = f.relnamespace
      WHERE k.contype IN ('c', 'f') AND %s
      ORDER BY n.nspname, c.relname, k.conname
      """
          .formatted(OF_USERS);

  private static final String STEADY_FUNCTIONS =
      """
      SELECT proname FROM pg_proc GROUP BY proname
      HAVING bool_and(provolatile <> 'v' AND pronamespace = 'pg_catalog'::regnamespace)
      """;

  private final Map<TableName, List<ColumnShape>> columns = new LinkedHashMap<>();
  private final Map<TableName, List<String>> primaryKeys = new HashMap<>();
  private final Map<TableName, Map<String, List<String>>> uniqueKeys = new HashMap<>();
  private final Map<TableName, List<Check>> checks = new HashMap<>();
  private final Map<TableName, List<ForeignKey>> foreignKeys = new HashMap<>();

  /**
   * Runs one query on a server.
   *
   * @param <E> when it can not
   */
  @FunctionalInterface
  public interface Server<E extends Exception> {
    /** The rows, each value as text. */
    List<List<@Nullable String>> query(String sql) throws E;
  }

  private CatalogQueries() {}

  /**
   * @param <E> what the server throws
   * @throws E when the server can not be asked
   * @throws CatalogTooLargeException when it has more columns than are handled
   */
  public static <E extends Exception> Catalog read(Server<E> server)
      throws E, CatalogTooLargeException {
    CatalogQueries reading = new CatalogQueries();
    List<List<@Nullable String>> rows = server.query(COLUMNS);
    if (rows.size() > MAX_COLUMNS) {
      throw new CatalogTooLargeException(MAX_COLUMNS);
    }
    rows.forEach(reading::column);
    server.query(UNIQUE_KEYS).forEach(reading::uniqueKey);
    server.query(CONSTRAINTS).forEach(reading::constraint);
    Set<String> steady = new HashSet<>();
    for (List<@Nullable String> row : server.query(STEADY_FUNCTIONS)) {
      steady.add(text(row, 0));
    }
    return new Catalog(reading.tables(), steady);
  }

  private Map<TableName, TableShape> tables() {
    Map<TableName, TableShape> tables = new HashMap<>();
    columns.forEach(
        (name, list) ->
            tables.put(
                name,
                new TableShape(
                    name, list, primaryKeys.getOrDefault(name, List.of()), rules(name))));
    return tables;
  }

  private Rules rules(TableName table) {
    List<UniqueKey> keys = new ArrayList<>();
    uniqueKeys
        .getOrDefault(table, Map.of())
        .forEach((name, key) -> keys.add(new UniqueKey(name, key)));
    return new Rules(
        keys, checks.getOrDefault(table, List.of()), foreignKeys.getOrDefault(table, List.of()));
  }

  private void column(List<@Nullable String> row) {
    columns
        .computeIfAbsent(table(row, 0), name -> new ArrayList<>())
        .add(new ColumnShape(text(row, 2), text(row, 3), text(row, 4).equals("f"), filling(row)));
  }

  private static Filling filling(List<@Nullable String> row) {
    String expression = row.get(5);
    String identity = text(row, 6);
    if (!identity.isEmpty()) {
      return new Filling.Identity(identity.equals("a"));
    }
    if (expression == null) {
      return new Filling.Nothing();
    }
    return text(row, 7).isEmpty()
        ? new Filling.Default(expression)
        : new Filling.Generated(expression);
  }

  private void uniqueKey(List<@Nullable String> row) {
    TableName table = table(row, 0);
    if (text(row, 3).equals("t")) {
      primaryKeys.computeIfAbsent(table, name -> new ArrayList<>()).add(text(row, 4));
    }
    uniqueKeys
        .computeIfAbsent(table, name -> new LinkedHashMap<>())
        .computeIfAbsent(text(row, 2), name -> new ArrayList<>())
        .add(text(row, 4));
  }

  private void constraint(List<@Nullable String> row) {
    TableName table = table(row, 0);
    String name = text(row, 2);
    if (text(row, 3).equals("c")) {
      checks.computeIfAbsent(table, key -> new ArrayList<>()).add(new Check(name, text(row, 4)));
    } else {
      foreignKeys
          .computeIfAbsent(table, key -> new ArrayList<>())
          .add(new ForeignKey(name, table(row, 6), text(row, 5)));
    }
  }

  private static TableName table(List<@Nullable String> row, int first) {
    return new TableName(text(row, first), text(row, first + 1));
  }

  private static String text(List<@Nullable String> row, int column) {
    String value = row.get(column);
    if (value == null) {
      throw new IllegalStateException("column " + column + " of a catalog query is NULL");
    }
    return value;
  }
}
