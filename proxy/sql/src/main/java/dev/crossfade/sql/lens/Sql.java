package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.core.schema.TableName;

/**
 * Writes names: for the server so that they mean exactly themselves, for people so that they can be
 * copied.
 */
public final class Sql {
  private static final int SHOWN_TABLES = 8;

  private Sql() {}

  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  public static String quote(TableName table) {
    return quote(table.schema()) + '.' + quote(table.name());
  }

  /** Tables that may have been meant. */
  static String nearest(TableName wanted, Catalog catalog) {
    String shown =
        catalog.tables().keySet().stream()
            .filter(table -> table.schema().equals(wanted.schema()))
            .map(TableName::name)
            .sorted()
            .limit(SHOWN_TABLES)
            .reduce((left, right) -> left + ", " + right)
            .orElse("no tables");
    return shown + " in " + wanted.schema();
  }
}
