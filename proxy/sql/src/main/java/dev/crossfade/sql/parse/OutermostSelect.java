package dev.crossfade.sql.parse;

import dev.crossfade.sql.parse.StatementOutline.Equality;
import dev.crossfade.sql.parse.StatementOutline.Output;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.*;

/**
 * What is known of the query whose rows the client gets: its columns, its FROM and the equalities
 * it insists on.
 */
final class OutermostSelect {
  private final @Nullable Select_primaryContext first;

  /** The first one again, when it is the only one: of a UNION no condition holds for all rows. */
  private final @Nullable Select_primaryContext only;

  private final TokenIndex index;

  private OutermostSelect(@Nullable Select_primaryContext first, boolean alone, TokenIndex index) {
    this.first = first;
    this.only = alone ? first : null;
    this.index = index;
  }

  static OutermostSelect of(ParserRuleContext tree, TokenIndex index) {
    Select_stmtContext statement = tree instanceof Select_stmtContext select ? select : null;
    boolean alone = true;
    while (statement != null) {
      Select_opsContext operands = statement.select_ops();
      while (operands.select_primary() == null && operands.select_stmt() == null) {
        operands = operands.select_ops(0);
        alone = false;
      }
      if (operands.select_primary() != null) {
        return new OutermostSelect(operands.select_primary(), alone, index);
      }
      statement = operands.select_stmt();
    }
    return new OutermostSelect(null, false, index);
  }

  boolean isSelect() {
    return first != null && first.SELECT() != null;
  }

  List<From_primaryContext> fromItems() {
    List<From_primaryContext> items = new ArrayList<>();
    if (only == null) {
      return items;
    }
    Deque<From_itemContext> rest = new ArrayDeque<>(only.from_item());
    while (!rest.isEmpty()) {
      From_itemContext item = rest.pop();
      if (item.from_primary() != null) {
        items.add(item.from_primary());
      } else {
        rest.addAll(item.from_item());
      }
    }
    return items;
  }

  List<Output> output() {
    List<Output> output = new ArrayList<>();
    if (first == null || first.select_list() == null) {
      return output;
    }
    for (Select_sublistContext element : first.select_list().select_sublist()) {
      output.add(new Output(nameOf(element), isStar(element), index.first(element)));
    }
    return output;
  }

  private @Nullable String nameOf(Select_sublistContext element) {
    if (element.col_label() != null) {
      return index.name(element.col_label());
    }
    if (element.bare_col_label() != null) {
      return index.name(element.bare_col_label());
    }
    Indirection_varContext column = variable(element.vex());
    boolean named = column != null && column.identifier() != null && !endsInStar(column);
    return named && column != null ? OutlineReader.columnParts(column, index).getLast() : null;
  }

  private static boolean isStar(Select_sublistContext element) {
    Value_expression_primaryContext value = element.vex().value_expression_primary();
    if (value == null) {
      return false;
    }
    return value.MULTIPLY() != null
        || value.indirection_var() != null && endsInStar(value.indirection_var());
  }

  private static boolean endsInStar(Indirection_varContext column) {
    return column.indirection_list() != null && column.indirection_list().MULTIPLY() != null;
  }

  List<Equality> equalities() {
    List<Equality> equalities = new ArrayList<>();
    Deque<VexContext> rest = new ArrayDeque<>();
    VexContext condition = where();
    if (condition != null) {
      rest.push(condition);
    }
    while (!rest.isEmpty()) {
      VexContext next = rest.pop();
      if (next.AND() != null && next.BETWEEN() == null) {
        rest.addAll(next.vex());
      } else if (isParenthesised(next)) {
        rest.push(next.vex(0));
      } else if (next.EQUAL() != null && next.vex().size() == 2) {
        addEquality(equalities, next.vex(0), next.vex(1));
        addEquality(equalities, next.vex(1), next.vex(0));
      }
    }
    return equalities;
  }

  private @Nullable VexContext where() {
    if (only == null || only.WHERE() == null) {
      return null;
    }
    boolean behind = false;
    for (ParseTree child : only.children) {
      if (behind && child instanceof VexContext condition) {
        return condition;
      }
      behind |= child == only.WHERE();
    }
    return null;
  }

  private void addEquality(List<Equality> equalities, VexContext left, VexContext right) {
    Indirection_varContext column = variable(left);
    if (column == null || column.identifier() == null) {
      return;
    }
    List<String> parts = OutlineReader.columnParts(column, index);
    Value_expression_primaryContext value = withoutCast(right).value_expression_primary();
    if (value == null) {
      return;
    }
    Indirection_varContext parameter = value.indirection_var();
    if (parameter != null
        && parameter.dollar_number() != null
        && parameter.indirection_list() == null) {
      equalities.add(new Equality(parts, parameterNumber(parameter), -1));
    }
    Expr_constContext literal = value.expr_const();
    if (literal != null && literal.truth_value() == null) {
      equalities.add(new Equality(parts, 0, index.first(literal)));
    }
  }

  private static int parameterNumber(Indirection_varContext parameter) {
    String digits = parameter.getText().substring(1);
    // Longer ones are no parameter the server would take.
    return digits.length() > 5 ? 0 : Integer.parseInt(digits);
  }

  private static VexContext withoutCast(VexContext value) {
    VexContext inner = value;
    while (inner.CAST_EXPRESSION() != null || isParenthesised(inner)) {
      inner = inner.vex(0);
    }
    return inner;
  }

  private static boolean isParenthesised(VexContext value) {
    return value.LEFT_PAREN() != null
        && value.getChildCount() == 3
        && value.getChild(0) == value.LEFT_PAREN()
        && value.vex().size() == 1;
  }

  /** The name that an expression consists of; null when it is more than a name. */
  static @Nullable Indirection_varContext variable(VexContext value) {
    Value_expression_primaryContext primary = value.value_expression_primary();
    return primary == null ? null : primary.indirection_var();
  }
}
