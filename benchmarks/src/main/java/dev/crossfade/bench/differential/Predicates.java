package dev.crossfade.bench.differential;

import java.util.ArrayList;
import java.util.List;

/** Conditions, sub-queries among them. */
final class Predicates {
  private static final List<Sort> COMPARED =
      List.of(Sort.LONG, Sort.LONG, Sort.LONG, Sort.TEXT, Sort.TEXT, Sort.TIME, Sort.NUMERIC);

  private final Grammar grammar;
  private final Draft draft;
  private final Values values;

  Predicates(Grammar grammar) {
    this.grammar = grammar;
    this.draft = grammar.draft();
    this.values = grammar.values();
  }

  Node predicate(Scope scope, int depth) {
    int kind = draft.number(0, 99);
    Node chosen;
    if (depth > 0 && kind < 22) {
      chosen = combined(scope, depth - 1);
    } else if (draft.mayNest(depth) && kind < 46) {
      chosen = subquery(scope, depth - 1);
    } else if (kind < 70) {
      chosen = comparison(scope, depth - 1);
    } else {
      chosen = other(scope, depth - 1);
    }
    return new Node.Choice(chosen, List.of(Node.of("true"), Node.of("false")));
  }

  private Node combined(Scope scope, int depth) {
    if (draft.chance(15)) {
      return Node.of("NOT (", predicate(scope, depth), ")");
    }
    List<Node> terms = new ArrayList<>();
    for (int i = draft.number(2, 3); i > 0; i--) {
      terms.add(predicate(scope, depth));
    }
    return Node.of("(", new Node.Items(draft.pick(" AND ", " OR ", " OR "), terms, 1), ")");
  }

  private Node comparison(Scope scope, int depth) {
    Sort sort = draft.pick(COMPARED);
    Node left = values.value(sort, scope, depth);
    String operator = draft.pick(" = ", " = ", " <> ", " < ", " >= ", " IS DISTINCT FROM ", " != ");
    Node right =
        switch (draft.number(0, 4)) {
          case 0 -> grammar.literals().parameter(sort, true);
          case 1, 2 -> grammar.literals().bare(sort);
          default -> values.value(sort, scope, depth);
        };
    return Node.of(left, operator, right);
  }

  private Node other(Scope scope, int depth) {
    Sort sort = draft.pick(COMPARED);
    Node value = values.value(sort, scope, depth);
    return switch (draft.number(0, 8)) {
      case 0 -> Node.of(value, draft.pick(" IS NULL", " IS NOT NULL", " ISNULL"));
      case 1 -> Node.of(value, draft.pick(" IN (", " NOT IN ("), list(sort), ")");
      case 2 ->
          Node.of(
              values.simple(sort, scope),
              draft.pick(" BETWEEN ", " NOT BETWEEN ", " BETWEEN SYMMETRIC "),
              values.simple(sort, scope),
              " AND ",
              values.simple(sort, scope));
      case 3 ->
          Node.of(
              values.value(Sort.TEXT, scope, depth),
              draft.pick(" LIKE ", " ILIKE ", " NOT LIKE ", " ~ "),
              draft.pick("'%a%'", "'_d%'", "'A'", "'%example.org'"));
      case 4 -> rows(scope, depth);
      case 5 -> {
        draft.uses(Construct.ANY_OR_ALL);
        Node parameter = grammar.literals().parameter(Sort.LONGS, false);
        yield Node.of(
            values.value(Sort.LONG, scope, depth),
            draft.pick(" = ANY (", " <> ALL (", " < any ("),
            draft.chance(50) ? parameter : values.value(Sort.LONGS, scope, depth),
            ")");
      }
      case 6 -> {
        draft.uses(Construct.ARRAY);
        yield Node.of(
            values.value(Sort.LONGS, scope, depth),
            draft.pick(" @> ", " && ", " = "),
            values.value(Sort.LONGS, scope, 0));
      }
      case 7 -> Node.of("(", predicate(scope, depth), ")", draft.pick(" IS TRUE", " IS NOT FALSE"));
      default ->
          Node.of(values.simple(Sort.LONG, scope), " < ", Integer.toString(draft.number(5, 60)));
    };
  }

  private Node list(Sort sort) {
    List<Node> items = new ArrayList<>();
    for (int i = draft.number(1, 4); i > 0; i--) {
      items.add(
          draft.chance(20)
              ? grammar.literals().parameter(sort, true)
              : grammar.literals().bare(sort));
    }
    return Node.list(items, 1);
  }

  private Node rows(Scope scope, int depth) {
    draft.uses(Construct.ROW_COMPARISON);
    Node left =
        Node.of(
            "(", values.value(Sort.LONG, scope, depth), ", ", values.simple(Sort.TEXT, scope), ")");
    Node right =
        Node.of(
            "(", values.simple(Sort.LONG, scope), ", ", grammar.literals().bare(Sort.TEXT), ")");
    return switch (draft.number(0, 2)) {
      case 0 -> Node.of(left, " IN (", right, ", (1, 'x'))");
      case 1 -> Node.of("ROW", left, draft.pick(" = ", " <> ", " > "), "ROW", right);
      default -> Node.of(left, draft.pick(" < ", " >= ", " IS DISTINCT FROM "), right);
    };
  }

  private Node subquery(Scope scope, int depth) {
    Sort sort = draft.pick(Sort.LONG, Sort.LONG, Sort.TEXT);
    Node value = values.simple(sort, scope);
    return switch (draft.number(0, 6)) {
      case 0, 1 -> {
        draft.uses(Construct.EXISTS);
        yield Node.of(
            draft.pick("EXISTS (", "EXISTS (", "NOT EXISTS ("),
            grammar.queries().related(scope, depth),
            ")");
      }
      case 2, 3 -> {
        draft.uses(Construct.IN_SUBQUERY);
        yield Node.of(
            value,
            draft.pick(" IN (", " IN (", " NOT IN ("),
            grammar.queries().query(Wish.column(sort, scope, depth)).node(),
            ")");
      }
      case 4 -> {
        draft.uses(Construct.ANY_OR_ALL);
        yield Node.of(
            value,
            draft.pick(" = ANY (", " <= SOME (", " <> ALL (", " > ALL ("),
            grammar.queries().query(Wish.column(sort, scope, depth)).node(),
            ")");
      }
      case 5 -> {
        draft.uses(Construct.ROW_COMPARISON);
        draft.uses(Construct.IN_SUBQUERY);
        Wish pairs = Wish.anything(depth).with(List.of(Sort.LONG, Sort.TEXT));
        yield Node.of(
            "(",
            values.simple(Sort.LONG, scope),
            ", ",
            values.simple(Sort.TEXT, scope),
            ") IN (",
            grammar.queries().query(pairs).node(),
            ")");
      }
      default -> {
        draft.uses(Construct.SCALAR_SUBQUERY);
        yield Node.of(
            value, draft.pick(" = (", " < ("), grammar.queries().single(sort, scope, depth), ")");
      }
    };
  }
}
