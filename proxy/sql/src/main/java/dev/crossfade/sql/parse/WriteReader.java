package dev.crossfade.sql.parse;

import dev.crossfade.sql.parse.WriteOutline.Assignment;
import dev.crossfade.sql.parse.WriteOutline.Cell;
import dev.crossfade.sql.parse.WriteOutline.Change;
import dev.crossfade.sql.parse.WriteOutline.Clause;
import dev.crossfade.sql.parse.WriteOutline.Conflict;
import dev.crossfade.sql.parse.WriteOutline.From;
import dev.crossfade.sql.parse.WriteOutline.MergeAction;
import dev.crossfade.sql.parse.WriteOutline.Source;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.parse.WriteOutline.Target;
import dev.crossfade.sql.parse.WriteOutline.With;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.*;

/** Takes a statement that writes to its parts. */
final class WriteReader {
  private final TokenIndex index;

  /** A syntax that the grammar accepts and that has no place in the outline. */
  static final class UnusualException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int token;

    UnusualException(int token, String what) {
      super(what, null, false, false);
      this.token = token;
    }

    int token() {
      return token;
    }
  }

  WriteReader(TokenIndex index) {
    this.index = index;
  }

  WriteOutline read(ParserRuleContext tree) throws UnusualException {
    return switch (tree) {
      case Insert_stmt_for_psqlContext insert -> insert(insert);
      case Update_stmt_for_psqlContext update -> update(update);
      case Delete_stmt_for_psqlContext delete -> delete(delete);
      case Merge_stmt_for_psqlContext merge -> merge(merge);
      default -> throw new IllegalStateException("not a statement that writes");
    };
  }

  private WriteOutline insert(Insert_stmt_for_psqlContext insert) throws UnusualException {
    Target target = target(insert.insert_table_name, insert.alias, false);
    List<String> columns = new ArrayList<>();
    if (insert.insert_columns() != null) {
      for (Indirection_identifierContext column :
          insert.insert_columns().indirection_identifier()) {
        columns.add(column(column));
      }
    }
    Conflict conflict =
        insert.CONFLICT() == null
            ? null
            : conflict(insert.conflict_object(), insert.conflict_action());
    return new WriteOutline.Insert(
        target,
        with(insert.with_clause()),
        columns,
        insert.OVERRIDING() != null,
        source(insert),
        conflict,
        returning(insert.returning_select_list_with_alias()));
  }

  private Source source(Insert_stmt_for_psqlContext insert) {
    Select_stmtContext select = insert.select_stmt();
    if (select == null) {
      return new Source.Defaults();
    }
    Select_opsContext operands = select.select_ops();
    Select_primaryContext primary = operands == null ? null : operands.select_primary();
    boolean plain = select.with_clause() == null && select.after_ops().isEmpty();
    if (plain && primary != null && primary.values_stmt() != null) {
      List<List<Cell>> rows = new ArrayList<>();
      for (Values_valuesContext row : primary.values_stmt().values_values()) {
        rows.add(cells(row));
      }
      return new Source.Rows(rows);
    }
    return new Source.Query(span(select));
  }

  private List<Cell> cells(ParserRuleContext list) {
    List<Cell> cells = new ArrayList<>();
    for (ParseTree child : list.children) {
      if (child instanceof VexContext value) {
        cells.add(new Cell(span(value)));
      } else if (child instanceof TerminalNode word && word.getText().equalsIgnoreCase("default")) {
        cells.add(new Cell(null));
      }
    }
    return cells;
  }

  private Conflict conflict(@Nullable Conflict_objectContext object, Conflict_actionContext action)
      throws UnusualException {
    List<String> columns = new ArrayList<>();
    String constraint = null;
    boolean predicate = false;
    if (object != null && object.CONSTRAINT() != null) {
      constraint = index.name(object.identifier());
    } else if (object != null) {
      predicate = object.index_where() != null;
      for (Index_columnContext column : object.index_columns().index_column()) {
        boolean bare = index.end(column) == index.first(column) + 1;
        predicate |= !bare;
        columns.add(index.name(index.first(column)));
      }
    }
    Change update =
        action.UPDATE() == null
            ? null
            : new Change(assignments(action.update_set()), optional(action.vex()));
    return new Conflict(columns, constraint, predicate, update);
  }

  private WriteOutline update(Update_stmt_for_psqlContext update) throws UnusualException {
    if (update.CURRENT() != null) {
      throw new UnusualException(index.at(update.CURRENT().getSymbol()), "WHERE CURRENT OF");
    }
    return new WriteOutline.Update(
        target(update.update_table_name, update.alias, update.ONLY() != null),
        with(update.with_clause()),
        new Change(assignments(update.update_set()), optional(update.vex())),
        from(update.from_item()),
        returning(update.returning_select_list_with_alias()));
  }

  private WriteOutline delete(Delete_stmt_for_psqlContext delete) throws UnusualException {
    if (delete.CURRENT() != null) {
      throw new UnusualException(index.at(delete.CURRENT().getSymbol()), "WHERE CURRENT OF");
    }
    return new WriteOutline.Delete(
        target(delete.delete_table_name, delete.alias, delete.ONLY() != null),
        with(delete.with_clause()),
        from(delete.from_item()),
        optional(delete.vex()),
        returning(delete.returning_select_list_with_alias()));
  }

  private WriteOutline merge(Merge_stmt_for_psqlContext merge) throws UnusualException {
    List<Clause> clauses = new ArrayList<>();
    for (When_conditionContext when : merge.when_condition()) {
      if (when.BY() != null) {
        throw new UnusualException(index.at(when.BY().getSymbol()), "NOT MATCHED BY");
      }
      Merge_matchedContext matched = when.merge_matched();
      MergeAction action =
          matched == null ? notMatched(when.merge_not_matched()) : matched(matched);
      clauses.add(new Clause(when.NOT() == null, optional(when.vex()), action));
    }
    From using = from(List.of(merge.from_item()));
    if (using == null) {
      throw new IllegalStateException("a MERGE has a source");
    }
    return new WriteOutline.Merge(
        target(merge.merge_table_name, merge.alias, false),
        with(merge.with_clause()),
        using,
        span(merge.vex()),
        clauses,
        returning(merge.returning_select_list_with_alias()));
  }

  private MergeAction matched(Merge_matchedContext matched) throws UnusualException {
    if (matched.DELETE() != null) {
      return new MergeAction.Delete();
    }
    if (matched.UPDATE() == null) {
      return new MergeAction.Nothing();
    }
    List<Assignment> set = new ArrayList<>();
    for (Merge_updateContext update : matched.merge_update()) {
      List<String> columns = new ArrayList<>();
      for (Indirection_identifierContext column : update.indirection_identifier()) {
        columns.add(column(column));
      }
      set.add(new Assignment.Values(columns, cells(update)));
    }
    return new MergeAction.Update(set);
  }

  private MergeAction notMatched(Merge_not_matchedContext clause) throws UnusualException {
    if (clause.INSERT() == null) {
      return new MergeAction.Nothing();
    }
    if (clause.OVERRIDING() != null) {
      throw new UnusualException(index.at(clause.OVERRIDING().getSymbol()), "OVERRIDING");
    }
    List<String> columns = new ArrayList<>();
    if (clause.insert_columns() != null) {
      for (Indirection_identifierContext column :
          clause.insert_columns().indirection_identifier()) {
        columns.add(column(column));
      }
    }
    List<Cell> values =
        clause.values_stmt() == null
            ? List.of()
            : cells(clause.values_stmt().values_values().getFirst());
    return new MergeAction.Insert(columns, values);
  }

  private List<Assignment> assignments(List<Update_setContext> sets) throws UnusualException {
    List<Assignment> assignments = new ArrayList<>();
    for (Update_setContext set : sets) {
      List<String> columns = new ArrayList<>();
      for (Indirection_identifierContext column : set.indirection_identifier()) {
        columns.add(column(column));
      }
      assignments.add(
          set.table_subquery() == null
              ? new Assignment.Values(columns, cells(set))
              : new Assignment.Query(columns, parenthesised(set.table_subquery())));
    }
    return assignments;
  }

  /** With the parentheses, whichever rule they belong to. */
  private Span parenthesised(ParserRuleContext query) {
    Span span = span(query);
    boolean own = query.getStart().getText().equals("(");
    return own ? span : new Span(span.first() - 1, span.end() + 1);
  }

  private String column(Indirection_identifierContext column) throws UnusualException {
    if (column.indirection_list() != null) {
      throw new UnusualException(index.first(column), "a part of a column");
    }
    return index.name(column.identifier());
  }

  private Target target(
      Schema_qualified_nameContext name, @Nullable IdentifierContext alias, boolean only) {
    List<String> parts = new ArrayList<>();
    for (int token = index.first(name); token < index.end(name); token += 2) {
      parts.add(index.name(token));
    }
    return new Target(parts, index.first(name), alias == null ? null : index.name(alias), only);
  }

  private @Nullable With with(@Nullable With_clauseContext with) {
    if (with == null) {
      return null;
    }
    boolean recursive = with.RECURSIVE() != null;
    int first = index.first(with) + (recursive ? 2 : 1);
    return new With(recursive, new Span(first, index.end(with)));
  }

  private @Nullable From from(List<From_itemContext> items) {
    if (items.isEmpty()) {
      return null;
    }
    List<String> qualifiers = new ArrayList<>();
    Deque<From_itemContext> rest = new ArrayDeque<>(items);
    while (!rest.isEmpty()) {
      From_itemContext item = rest.pop();
      if (item.from_primary() != null) {
        String qualifier = qualifier(item.from_primary());
        if (qualifier != null) {
          qualifiers.add(qualifier);
        }
      }
      List<From_itemContext> nested = item.from_item();
      for (int i = nested.size() - 1; i >= 0; i--) {
        rest.push(nested.get(i));
      }
    }
    return new From(
        new Span(index.first(items.getFirst()), index.end(items.getLast())), qualifiers);
  }

  private @Nullable String qualifier(From_primaryContext primary) {
    if (primary.alias_clause() != null) {
      return index.name(primary.alias_clause().alias);
    }
    Schema_qualified_nameContext relation = primary.schema_qualified_name();
    return relation == null ? null : index.name(index.end(relation) - 1);
  }

  private @Nullable Span returning(@Nullable Returning_select_list_with_aliasContext returning)
      throws UnusualException {
    if (returning == null) {
      return null;
    }
    if (returning.with_output_alias() != null) {
      throw new UnusualException(index.first(returning), "RETURNING WITH");
    }
    return span(returning.select_list());
  }

  private @Nullable Span optional(@Nullable ParserRuleContext context) {
    return context == null ? null : span(context);
  }

  private Span span(ParserRuleContext context) {
    return new Span(index.first(context), index.end(context));
  }
}
