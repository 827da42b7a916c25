package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.MappedTables.Mapped;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Column;
import dev.crossfade.sql.parse.StatementOutline.Grouping;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GROUP BY a primary key: old knows that it determines all columns of its table and lets them stand
 * ungrouped; of the query that the table becomes, new does not know it. Grouped by as well, they
 * change no group: in each the key has one value, and so have they.
 */
final class DependentColumns {
  private final MappedTables mapped;
  private final StatementOutline outline;
  private final Tokens tokens;

  DependentColumns(MappedTables mapped, StatementOutline outline, Tokens tokens) {
    this.mapped = mapped;
    this.outline = outline;
    this.tokens = tokens;
  }

  /** One for each GROUP BY that names a whole key, in the order of the text. */
  List<Splice> splices() {
    List<Splice> splices = new ArrayList<>();
    for (Grouping grouping : outline.groupings()) {
      StringBuilder more = new StringBuilder();
      for (Table table : outline.tables()) {
        if (grouping.tables().contains(table.first())) {
          more.append(dependent(table, grouping));
        }
      }
      if (!more.isEmpty()) {
        byte[] text = ("BY" + more).getBytes(StandardCharsets.UTF_8);
        splices.add(new Splice(grouping.by(), grouping.by() + 1, text));
      }
    }
    return splices;
  }

  /** The used columns of a table whose key is grouped by, each with a comma behind. */
  private String dependent(Table table, Grouping grouping) {
    TableShape shape = shape(table);
    if (shape == null || shape.primaryKey().isEmpty()) {
      return "";
    }
    for (String key : shape.primaryKey()) {
      if (!groups(grouping, table, key)) {
        return "";
      }
    }
    StringBuilder columns = new StringBuilder();
    for (ColumnShape column : shape.columns()) {
      String name = column.name();
      if (!groups(grouping, table, name) && mayUse(table, name)) {
        columns
            .append(' ')
            .append(Sql.quote(table.qualifier()))
            .append('.')
            .append(Sql.quote(name))
            .append(',');
      }
    }
    return columns.toString();
  }

  private @Nullable TableShape shape(Table table) {
    Mapped found = mapped.find(table);
    return found == null || table.columnAliases() ? null : found.shape();
  }

  private boolean groups(Grouping grouping, Table table, String column) {
    for (List<String> name : grouping.columns()) {
      boolean qualified = name.equals(List.of(table.qualifier(), column));
      if (qualified || name.equals(List.of(column)) && isAlone(grouping, column)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a column's name alone means that of one table in this FROM. */
  private boolean isAlone(Grouping grouping, String column) {
    int having = 0;
    int found = 0;
    for (Table table : outline.tables()) {
      if (grouping.tables().contains(table.first())) {
        TableShape shape = shape(table);
        found += shape == null ? 0 : 1;
        having += shape != null && shape.column(column).isPresent() ? 1 : 0;
      }
    }
    return grouping.tablesOnly() && found == grouping.tables().size() && having == 1;
  }

  /** Too many do no harm. */
  private boolean mayUse(Table table, String name) {
    for (Column column : outline.columns()) {
      List<String> parts = column.parts();
      boolean all = parts.getLast().equals(table.qualifier());
      if (all || parts.getLast().equals(name)) {
        return true;
      }
    }
    for (int token = 1; token < tokens.count(); token++) {
      boolean star = tokens.text(token).equals("*");
      boolean selects = tokens.isWord(token - 1, "SELECT") || tokens.isPunctuation(token - 1, ',');
      if (star && selects) {
        return true;
      }
    }
    return false;
  }
}
