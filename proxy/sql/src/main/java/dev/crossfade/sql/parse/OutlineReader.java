package dev.crossfade.sql.parse;

import dev.crossfade.sql.parse.StatementOutline.Column;
import dev.crossfade.sql.parse.StatementOutline.Feature;
import dev.crossfade.sql.parse.StatementOutline.FeatureKind;
import dev.crossfade.sql.parse.StatementOutline.Grouping;
import dev.crossfade.sql.parse.StatementOutline.Name;
import dev.crossfade.sql.parse.StatementOutline.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.IterativeParseTreeWalker;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.*;

/**
 * Walks a syntax tree once, in the order of the text and without recursion, and notes what the
 * outline tells.
 */
final class OutlineReader implements ParseTreeListener {
  private final TokenIndex index;
  private final WithScopes scopes = new WithScopes();
  private final Set<ParserRuleContext> topLevelItems =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Table> tables = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private final List<Name> functions = new ArrayList<>();
  private final List<Name> types = new ArrayList<>();
  private final List<Name> collations = new ArrayList<>();
  private final List<Feature> features = new ArrayList<>();
  private final List<Grouping> groupings = new ArrayList<>();

  private OutlineReader(TokenIndex index) {
    this.index = index;
  }

  static StatementOutline read(ParserRuleContext tree, TokenIndex index) {
    OutlineReader reader = new OutlineReader(index);
    OutermostSelect outermost = OutermostSelect.of(tree, index);
    if (!outermost.isSelect()) {
      reader.note(FeatureKind.NO_SELECT, tree);
    }
    reader.topLevelItems.addAll(outermost.fromItems());
    new IterativeParseTreeWalker().walk(reader, tree);
    return new StatementOutline(
        reader.tables,
        reader.columns,
        reader.functions,
        reader.types,
        reader.collations,
        reader.features,
        outermost.output(),
        outermost.equalities(),
        reader.groupings);
  }

  @Override
  public void enterEveryRule(ParserRuleContext context) {
    switch (context) {
      case Select_stmtContext select -> scopes.open();
      case Select_stmt_no_parensContext select -> scopes.open();
      case Insert_stmt_for_psqlContext write -> write(write);
      case Update_stmt_for_psqlContext write -> write(write);
      case Delete_stmt_for_psqlContext write -> write(write);
      case Merge_stmt_for_psqlContext write -> write(write);
      case With_clauseContext with -> recursive(with);
      case Select_primaryContext primary -> select(primary);
      case From_primaryContext primary -> fromItem(primary);
      case Indirection_varContext variable -> column(variable);
      case Function_callContext call -> function(call);
      case Data_typeContext type -> type(type);
      case Collate_identifierContext collate ->
          collations.add(name(collate.schema_qualified_name()));
      default -> feature(context);
    }
  }

  @Override
  public void exitEveryRule(ParserRuleContext context) {
    switch (context) {
      case Select_stmtContext select -> scopes.close();
      case Select_stmt_no_parensContext select -> scopes.close();
      case Insert_stmt_for_psqlContext write -> scopes.close();
      case Update_stmt_for_psqlContext write -> scopes.close();
      case Delete_stmt_for_psqlContext write -> scopes.close();
      case Merge_stmt_for_psqlContext write -> scopes.close();
      // In a plain WITH a query sees only those before it.
      case With_queryContext query -> scopes.add(index.name(query.query_name));
      default -> {
        // Nothing ends here.
      }
    }
  }

  private void feature(ParserRuleContext context) {
    switch (context) {
      case After_opsContext after when after.FOR() != null -> note(FeatureKind.LOCK, after);
      case Into_tableContext into -> note(FeatureKind.INTO, into);
      case System_functionContext system when system.cast_specification() == null ->
          note(FeatureKind.SERVER_VALUE, system);
      case Date_time_functionContext moment -> note(FeatureKind.CLOCK, moment);
      case OpContext operator when operator.OPERATOR() != null ->
          qualifiedOperator(operator.identifier());
      case All_op_refContext operator when operator.OPERATOR() != null ->
          qualifiedOperator(operator.identifier());
      case Dollar_numberContext parameter -> note(FeatureKind.PARAMETER, parameter);
      case Xml_functionContext xml -> note(FeatureKind.UNUSUAL, xml);
      case Merge_support_functionContext merge -> note(FeatureKind.UNUSUAL, merge);
      case String_value_functionContext string when string.COLLATION() != null ->
          note(FeatureKind.UNUSUAL, string);
      default -> {
        // Its parts are what matters.
      }
    }
  }

  private void write(ParserRuleContext write) {
    note(FeatureKind.WRITE, write);
    scopes.open();
  }

  private void recursive(With_clauseContext with) {
    if (with.RECURSIVE() != null) {
      for (With_queryContext query : with.with_query()) {
        scopes.add(index.name(query.query_name));
      }
    }
  }

  private void select(Select_primaryContext primary) {
    tableCommand(primary);
    Grouping grouping = Groupings.of(primary, index);
    if (grouping != null) {
      groupings.add(grouping);
    }
  }

  private void tableCommand(Select_primaryContext primary) {
    if (primary.TABLE() == null) {
      return;
    }
    List<String> parts = parts(primary.schema_qualified_name());
    if (parts.size() > 1 || !scopes.sees(parts.getFirst())) {
      boolean only = primary.ONLY() != null;
      tables.add(
          new Table(
              parts, index.first(primary), index.end(primary), null, false, only, true, false));
    }
  }

  private void fromItem(From_primaryContext primary) {
    if (primary.TABLESAMPLE() != null) {
      note(FeatureKind.TABLESAMPLE, primary);
    }
    Schema_qualified_nameContext relation = primary.schema_qualified_name();
    if (relation == null) {
      return;
    }
    List<String> parts = parts(relation);
    if (parts.size() == 1 && scopes.sees(parts.getFirst())) {
      return;
    }
    Alias_clauseContext alias = primary.alias_clause();
    int end = index.end(relation) + (primary.MULTIPLY() == null ? 0 : 1);
    tables.add(
        new Table(
            parts,
            index.first(primary),
            end,
            alias == null ? null : index.name(alias.alias),
            alias != null && !alias.column_alias.isEmpty(),
            primary.ONLY() != null,
            false,
            topLevelItems.contains(primary)));
  }

  private void column(Indirection_varContext variable) {
    if (variable.identifier() == null) {
      return;
    }
    Indirection_listContext path = variable.indirection_list();
    boolean star = path != null && path.MULTIPLY() != null;
    boolean expands = star && isSelected(variable.getParent());
    columns.add(new Column(columnParts(variable, index), star, expands, index.first(variable)));
  }

  static List<String> columnParts(Indirection_varContext variable, TokenIndex index) {
    List<String> parts = new ArrayList<>();
    parts.add(index.name(variable.identifier()));
    Indirection_listContext path = variable.indirection_list();
    if (path != null) {
      for (IndirectionContext step : path.indirection()) {
        if (step.col_label() == null) {
          break;
        }
        parts.add(index.name(step.col_label()));
      }
    }
    return parts;
  }

  /** Whether a primary expression is a whole element of a select list. */
  private static boolean isSelected(ParserRuleContext primary) {
    ParserRuleContext parent = primary.getParent();
    return parent instanceof VexContext && parent.getParent() instanceof Select_sublistContext;
  }

  private void function(Function_callContext call) {
    Schema_qualified_name_nontypeContext called = call.schema_qualified_name_nontype();
    if (called != null && !isGrouping(call, called)) {
      functions.add(name(called));
      if (call.vex_or_named_notation().size() == 1
          && index.name(index.end(called) - 1).equals("age")) {
        note(FeatureKind.CLOCK, call);
      }
    }
  }

  /** ROLLUP and CUBE in a GROUP BY, which the grammar takes for functions. */
  private boolean isGrouping(
      Function_callContext call, Schema_qualified_name_nontypeContext called) {
    String word = index.name(called);
    boolean grouping = word.equals("rollup") || word.equals("cube");
    ParserRuleContext expression = call.getParent().getParent();
    return grouping && expression.getParent() instanceof Grouping_elementContext;
  }

  private void type(Data_typeContext type) {
    Predefined_typeContext predefined = type.predefined_type();
    if (predefined.schema_qualified_name_nontype() != null) {
      types.add(name(predefined.schema_qualified_name_nontype()));
    }
  }

  private void qualifiedOperator(@Nullable IdentifierContext schema) {
    if (schema != null && !index.name(schema).equals("pg_catalog")) {
      note(FeatureKind.QUALIFIED_OPERATOR, schema);
    }
  }

  private void note(FeatureKind kind, ParserRuleContext context) {
    features.add(new Feature(kind, index.first(context)));
  }

  private Name name(ParserRuleContext qualified) {
    return new Name(parts(qualified), index.first(qualified));
  }

  private List<String> parts(ParserRuleContext qualified) {
    List<String> parts = new ArrayList<>();
    // Names and dots alternate.
    for (int token = index.first(qualified); token < index.end(qualified); token += 2) {
      parts.add(index.name(token));
    }
    return parts;
  }

  @Override
  public void visitTerminal(TerminalNode node) {
    // Tokens are read through the rules that hold them.
  }

  @Override
  public void visitErrorNode(ErrorNode node) {
    throw new IllegalStateException("a tree with errors was accepted");
  }
}
