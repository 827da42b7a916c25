package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a server's catalog as far as translation needs it. */
public final class CatalogReader {
  private static final String COLUMNS =
      """
      SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'
      ORDER BY n.nspname, c.relname, a.attnum LIMIT 50001
      """;
  private static final int MAX_COLUMNS = 50_000;

  private static final String KEYS =
      """
      SELECT n.nspname, c.relname, a.attname
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, position)
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE i.indisprimary AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
      ORDER BY n.nspname, c.relname, k.position
      """;

  private static final String STEADY_FUNCTIONS =
      """
      SELECT proname FROM pg_proc GROUP BY proname
      HAVING bool_and(provolatile <> 'v' AND pronamespace = 'pg_catalog'::regnamespace)
      """;

  private CatalogReader() {}

  /**
   * @throws MetadataException when the server cannot be asked, or has more columns than are handled
   */
  public static Catalog read(MetadataConnection server) throws MetadataException {
    Map<TableName, List<ColumnShape>> columns = new LinkedHashMap<>();
    List<List<@Nullable String>> rows = server.query(COLUMNS);
    if (rows.size() > MAX_COLUMNS) {
      throw MetadataException.refused("the database has more than " + MAX_COLUMNS + " columns in its tables");
    }
    for (List<@Nullable String> row : rows) {
      columns
          .computeIfAbsent(table(row), name -> new ArrayList<>())
          .add(new ColumnShape(text(row, 2), text(row, 3), text(row, 4).equals("f")));
    }
    Map<TableName, List<String>> keys = new HashMap<>();
    for (List<@Nullable String> row : server.query(KEYS)) {
      keys.computeIfAbsent(table(row), name -> new ArrayList<>()).add(text(row, 2));
    }
    Map<TableName, TableShape> tables = new HashMap<>();
    columns.forEach((name, list) -> tables.put(name, new TableShape(name, list, keys.getOrDefault(name, List.of()))));
    Set<String> steady = new HashSet<>();
    for (List<@Nullable String> row : server.query(STEADY_FUNCTIONS)) {
      steady.add(text(row, 0));
    }
    return new Catalog(tables, steady);
  }

  private static TableName table(List<@Nullable String> row) {
    return new TableName(text(row, 0), text(row, 1));
  }

  private static String text(List<@Nullable String> row, int column) {
    String value = row.get(column);
    if (value == null) {
      throw new IllegalStateException("column " + column + " of a catalog query is NULL");
    }
    return value;
  }
}
