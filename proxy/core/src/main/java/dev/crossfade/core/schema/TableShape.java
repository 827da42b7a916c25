package dev.crossfade.core.schema;

import java.util.List;
import java.util.Optional;

/**
 * One table as its catalog describes it.
 *
 * @param columns in the table's order, dropped ones left out
 * @param primaryKey names of its columns in key order; empty when it has none
 * @param rules what its rows must keep
 */
public record TableShape(
    TableName name, List<ColumnShape> columns, List<String> primaryKey, Rules rules) {
  public TableShape {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
  }

  /** A table without rules but its key. */
  public TableShape(TableName name, List<ColumnShape> columns, List<String> primaryKey) {
    this(name, columns, primaryKey, Rules.NONE);
  }

  /**
   * What the server checks of rows, NOT NULL aside.
   *
   * @param uniqueKeys unique indexes over all rows and plain columns, the primary key among them
   */
  public record Rules(
      List<UniqueKey> uniqueKeys, List<Check> checks, List<ForeignKey> foreignKeys) {
    public static final Rules NONE = new Rules(List.of(), List.of(), List.of());

    public Rules {
      uniqueKeys = List.copyOf(uniqueKeys);
      checks = List.copyOf(checks);
      foreignKeys = List.copyOf(foreignKeys);
    }
  }

  /**
   * @param name of the index
   * @param columns in the order of the index
   */
  public record UniqueKey(String name, List<String> columns) {
    public UniqueKey {
      columns = List.copyOf(columns);
    }
  }

  /**
   * @param expression SQL over the table's columns, as the catalog prints it
   */
  public record Check(String name, String expression) {}

  /**
   * @param definition as the catalog prints it, such as {@code FOREIGN KEY (a) REFERENCES t(b) ON
   *     DELETE CASCADE}
   */
  public record ForeignKey(String name, TableName references, String definition) {}

  public Optional<ColumnShape> column(String columnName) {
    for (ColumnShape column : columns) {
      if (column.name().equals(columnName)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }
}
