package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.MappedTables.Mapped;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Column;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code schema.table.column}: no schema stands before the query that a table becomes, so it is
 * taken away, wherever the table's name alone can mean nothing else in the whole statement.
 */
final class QualifiedColumns {
  private final MappedTables mapped;
  private final StatementOutline outline;
  private final Tokens tokens;

  QualifiedColumns(MappedTables mapped, StatementOutline outline, Tokens tokens) {
    this.mapped = mapped;
    this.outline = outline;
    this.tokens = tokens;
  }

  private static boolean isQualified(Column column) {
    return column.parts().size() + (column.star() ? 1 : 0) > 2;
  }

  /** The first one; null when there is none. */
  @Nullable Column first() {
    for (Column column : outline.columns()) {
      if (isQualified(column)) {
        return column;
      }
    }
    return null;
  }

  /** The first one that can not do without its schema; null when there is none. */
  @Nullable Column firstUnclear() {
    for (Column column : outline.columns()) {
      if (isQualified(column) && !isClear(column)) {
        return column;
      }
    }
    return null;
  }

  List<Splice> splices() {
    List<Splice> splices = new ArrayList<>();
    for (Column column : outline.columns()) {
      if (isQualified(column)) {
        // schema, dot and table become the table, quoted.
        byte[] table = Sql.quote(column.parts().get(1)).getBytes(StandardCharsets.UTF_8);
        splices.add(new Splice(column.token(), column.token() + 3, table));
      }
    }
    return splices;
  }

  private boolean isClear(Column column) {
    List<String> parts = column.parts();
    if (parts.size() + (column.star() ? 1 : 0) != 3) {
      return false;
    }
    TableName meant = new TableName(parts.getFirst(), parts.get(1));
    Table only = null;
    for (Table table : outline.tables()) {
      if (table.qualifier().equals(meant.name())) {
        Mapped found = mapped.find(table);
        boolean fits = only == null && table.alias() == null && found != null;
        if (!fits || found == null || !found.name().equals(meant)) {
          return false;
        }
        only = table;
      }
    }
    return only != null && isNamedOnlyBy(only, meant.name());
  }

  /**
   * Whether the word stands elsewhere only before a dot, as what qualifies a column, or behind one,
   * as a column of something: so neither an alias nor a WITH gives this name to anything else.
   */
  private boolean isNamedOnlyBy(Table table, String name) {
    for (int token = 0; token < tokens.count(); token++) {
      boolean word =
          tokens.kind(token) == Tokens.IDENTIFIER || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER;
      boolean inside = token >= table.first() && token < table.end();
      if (!word || inside || !tokens.identifier(token).equals(name)) {
        continue;
      }
      boolean before = token + 1 < tokens.count() && tokens.isPunctuation(token + 1, '.');
      // A function in a FROM lends its name.
      boolean called = token + 1 < tokens.count() && tokens.isPunctuation(token + 1, '(');
      boolean behind = !called && token > 0 && tokens.isPunctuation(token - 1, '.');
      if (!before && !behind) {
        return false;
      }
    }
    return true;
  }
}
