package dev.crossfade.core.schema;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a side's own catalog says of the tables and functions that matter to translation.
 *
 * @param tables by name; only base tables and views that a lens may name
 * @param steadyFunctions names of functions every overload of which is built in and not volatile
 */
public record Catalog(Map<TableName, TableShape> tables, Set<String> steadyFunctions) {
  public Catalog {
    tables = Map.copyOf(tables);
    steadyFunctions = Set.copyOf(steadyFunctions);
  }

  public Optional<TableShape> table(TableName name) {
    return Optional.ofNullable(tables.get(name));
  }
}
