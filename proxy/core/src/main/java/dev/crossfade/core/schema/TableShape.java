package dev.crossfade.core.schema;

import java.util.List;
import java.util.Optional;

/**
 * One table as its catalog describes it.
 *
 * @param columns in the table's order, dropped ones left out
 * @param primaryKey names of its columns in key order; empty when it has none
 */
public record TableShape(TableName name, List<ColumnShape> columns, List<String> primaryKey) {
  public TableShape {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
  }

  public Optional<ColumnShape> column(String columnName) {
    for (ColumnShape column : columns) {
      if (column.name().equals(columnName)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }
}
