package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;

/** Writes names so that they mean exactly themselves. */
final class Sql {
  private Sql() {}

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quote(TableName table) {
    return quote(table.schema()) + '.' + quote(table.name());
  }

  /** As a migration file may write it. */
  static String show(TableName table) {
    return table.schema() + '.' + table.name();
  }
}
