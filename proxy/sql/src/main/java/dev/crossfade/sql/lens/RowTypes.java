package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.MappedTables.Mapped;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Column;
import dev.crossfade.sql.parse.StatementOutline.Table;
import java.util.List;

/**
 * Whether a value of type {@code record} may hold what has another OID on new: a row's binary
 * format names the types of its fields.
 */
final class RowTypes {
  private final MappedTables mapped;
  private final StatementOutline outline;

  RowTypes(MappedTables mapped, StatementOutline outline) {
    this.mapped = mapped;
    this.outline = outline;
  }

  boolean mayDiffer() {
    for (Table table : outline.tables()) {
      Mapped found = mapped.find(table);
      TableShape shape = found == null ? null : found.shape();
      if (shape == null || isWholeRow(table) || hasUserTypes(shape)) {
        return true;
      }
    }
    return false;
  }

  private boolean isWholeRow(Table table) {
    for (Column column : outline.columns()) {
      if (!column.expands() && column.parts().equals(List.of(table.qualifier()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasUserTypes(TableShape shape) {
    for (ColumnShape column : shape.columns()) {
      if (!SteadyNames.isBuiltInType(column.type())) {
        return true;
      }
    }
    return false;
  }
}
