package dev.crossfade.inspect.catalog;

import dev.crossfade.core.schema.TableName;
import java.util.Collection;

/** Tables in queries of a catalog. */
final class Relations {
  private Relations() {}

  /** An expression for a table's oid; NULL when the server does not have it. */
  static String oid(TableName table) {
    String name = CatalogCheck.quoted(table.schema()) + '.' + CatalogCheck.quoted(table.name());
    return "to_regclass(" + CatalogCheck.literal(name) + ")::oid";
  }

  /** Expressions for the oids of all, for behind IN. */
  static String oids(Collection<TableName> tables) {
    return tables.isEmpty()
        ? "NULL"
        : String.join(", ", tables.stream().map(Relations::oid).sorted().toList());
  }
}
