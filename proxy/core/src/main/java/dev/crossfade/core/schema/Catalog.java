package dev.crossfade.core.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a side's own catalog says of the tables and functions that matter to translation.
 *
 * @param tables by name; only base tables and views that a lens may name
 * @param steadyFunctions names of functions every overload of which is built in and not volatile
 * @param steadyTypes names, with and without a schema, of types that users made and that are the
 *     same on both sides
 */
public record Catalog(
    Map<TableName, TableShape> tables, Set<String> steadyFunctions, Set<List<String>> steadyTypes) {
  public Catalog {
    tables = Map.copyOf(tables);
    steadyFunctions = Set.copyOf(steadyFunctions);
    steadyTypes = Set.copyOf(steadyTypes);
  }

  /** Only built-in types are known to be the same. */
  public Catalog(Map<TableName, TableShape> tables, Set<String> steadyFunctions) {
    this(tables, steadyFunctions, Set.of());
  }

  public Catalog withSteadyTypes(Set<List<String>> names) {
    return new Catalog(tables, steadyFunctions, names);
  }

  public Optional<TableShape> table(TableName name) {
    return Optional.ofNullable(tables.get(name));
  }
}
