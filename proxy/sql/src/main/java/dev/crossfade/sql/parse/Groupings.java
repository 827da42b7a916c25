package dev.crossfade.sql.parse;

import dev.crossfade.sql.parse.StatementOutline.Grouping;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.*;

/** Reads the GROUP BY of a SELECT. */
final class Groupings {
  private Groupings() {}

  /** Null when there is none, or one that is more than a list. */
  static @Nullable Grouping of(Select_primaryContext select, TokenIndex index) {
    Groupby_clauseContext clause = select.groupby_clause();
    if (clause == null) {
      return null;
    }
    for (int token = index.first(clause); token < index.end(clause); token++) {
      boolean sets =
          index.isWord(token, "ROLLUP")
              || index.isWord(token, "CUBE")
              || index.isWord(token, "GROUPING");
      if (sets) {
        return null;
      }
    }
    List<List<String>> columns = new ArrayList<>();
    for (Grouping_elementContext element : clause.grouping_element_list().grouping_element()) {
      if (element.vex() == null) {
        return null;
      }
      Indirection_varContext column = OutermostSelect.variable(element.vex());
      if (column != null && column.identifier() != null) {
        columns.add(OutlineReader.columnParts(column, index));
      }
    }
    List<Integer> tables = new ArrayList<>();
    boolean only = relations(select, index, tables);
    return new Grouping(index.at(clause.BY().getSymbol()), columns, tables, only);
  }

  /** Whether the FROM has nothing but relations. */
  private static boolean relations(
      Select_primaryContext select, TokenIndex index, List<Integer> tables) {
    boolean only = true;
    Deque<From_itemContext> rest = new ArrayDeque<>(select.from_item());
    while (!rest.isEmpty()) {
      From_itemContext item = rest.pop();
      From_primaryContext primary = item.from_primary();
      if (primary == null) {
        // An alias of a join in parentheses hides those inside.
        only &= item.alias_clause() == null;
        rest.addAll(item.alias_clause() == null ? item.from_item() : List.of());
      } else if (primary.schema_qualified_name() == null) {
        only = false;
      } else {
        tables.add(index.first(primary));
      }
    }
    return only;
  }
}
