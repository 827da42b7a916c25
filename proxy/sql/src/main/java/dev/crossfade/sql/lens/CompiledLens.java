package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A migration's lens, checked against both catalogs. Immutable.
 *
 * @param migration its name
 * @param tables the mapped old tables
 * @param newTables the tables of new that it reads
 */
public record CompiledLens(String migration, Map<TableName, MappedTable> tables, Set<TableName> newTables) {
  public CompiledLens {
    tables = Map.copyOf(tables);
    newTables = Set.copyOf(newTables);
  }

  /**
   * @param readSubstitution see {@link CompiledLens#readSubstitution}
   * @param entity the columns of the old table that are the entity's key, in key order
   */
  public record MappedTable(String readSubstitution, List<String> entity) {
    public MappedTable {
      entity = List.copyOf(entity);
    }
  }

  public Set<TableName> oldTables() {
    return tables.keySet();
  }

  /**
   * A query in parentheses, over tables of new, whose columns have the names, order and types of the old table's.
   *
   * @throws IllegalArgumentException when this lens does not map the table
   */
  public String readSubstitution(TableName oldTable) {
    return mapped(oldTable).readSubstitution();
  }

  /** The entity's key columns in an old table. */
  public List<String> entity(TableName oldTable) {
    return mapped(oldTable).entity();
  }

  private MappedTable mapped(TableName oldTable) {
    MappedTable table = tables.get(oldTable);
    if (table == null) {
      throw new IllegalArgumentException(migration + " does not map " + oldTable);
    }
    return table;
  }
}
