package dev.crossfade.sql.lens;

import dev.crossfade.core.compare.ComparisonRules;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A migration's lens, checked against both catalogs. Immutable.
 *
 * @param migration its name
 * @param tables the mapped old tables
 * @param ups the new tables that it writes
 * @param newTables the tables of new that its down queries read
 * @param capture how old's changes are logged
 * @param comparison how its reads are compared, as its file says
 */
public record CompiledLens(
    String migration,
    Map<TableName, MappedTable> tables,
    Map<TableName, MappedTable> ups,
    Set<TableName> newTables,
    CaptureMode capture,
    ComparisonRules comparison) {
  public CompiledLens {
    tables = Map.copyOf(tables);
    ups = Map.copyOf(ups);
    newTables = Set.copyOf(newTables);
  }

  /**
   * A table of either shape, and how its rows are computed from the other's.
   *
   * @param shape as its own side's catalog describes it
   * @param query over tables of the other side, without parentheses, every table qualified; its
   *     columns are a table's, in any order, and for a new table perhaps not all of them
   * @param columns that the query gives, in its order
   * @param reads the tables of the other side that the query reads
   * @param entity the columns of the table that are the entity's key, in key order
   */
  public record MappedTable(
      TableShape shape,
      String query,
      List<String> columns,
      Set<TableName> reads,
      List<String> entity) {
    public MappedTable {
      columns = List.copyOf(columns);
      reads = Set.copyOf(reads);
      entity = List.copyOf(entity);
    }

    /**
     * The query in parentheses. Its columns have the order and types of the table's; those that the
     * query does not give are left out.
     */
    public String substitution() {
      StringBuilder sql = new StringBuilder("(SELECT ");
      String separator = "";
      for (ColumnShape column : shape.columns()) {
        if (columns.contains(column.name())) {
          String name = Sql.quote(column.name());
          sql.append(separator).append("CAST(d.").append(name).append(" AS ");
          sql.append(column.type()).append(") AS ").append(name);
          separator = ", ";
        }
      }
      return sql.append(" FROM (").append(query).append(") AS d)").toString();
    }
  }

  /** Where nobody says how reads are compared. */
  public CompiledLens(
      String migration,
      Map<TableName, MappedTable> tables,
      Map<TableName, MappedTable> ups,
      Set<TableName> newTables,
      CaptureMode capture) {
    this(migration, tables, ups, newTables, capture, ComparisonRules.USUAL);
  }

  /** How its reads are compared, with the keys of its old tables. */
  public ComparisonRules comparisonRules() {
    return comparison.keyedBy(
        tables.values().stream().map(MappedTable::entity).distinct().toList());
  }

  /** The same with the sides changed: what was new is called old. */
  CompiledLens mirrored() {
    Set<TableName> read = new HashSet<>();
    ups.values().forEach(up -> read.addAll(up.reads()));
    return new CompiledLens(migration, ups, tables, read, capture, comparison);
  }

  public Set<TableName> oldTables() {
    return tables.keySet();
  }

  /**
   * A query in parentheses, over tables of new, whose columns have the names, order and types of
   * the old table's.
   *
   * @throws IllegalArgumentException when this lens does not map the table
   */
  public String readSubstitution(TableName oldTable) {
    return mapped(oldTable).substitution();
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
