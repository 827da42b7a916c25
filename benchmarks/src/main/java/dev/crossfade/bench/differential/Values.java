package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Scope.Named;
import java.util.List;

/**
 * Expressions. None of them can fail, whatever the rows hold: which of two expressions a server
 * evaluates first, or at all, is its own affair.
 */
final class Values {
  private final Grammar grammar;
  private final Draft draft;

  Values(Grammar grammar) {
    this.grammar = grammar;
    this.draft = grammar.draft();
  }

  /** A column where there is one, else something else of the sort. */
  Node simple(Sort sort, Scope scope) {
    List<Named> columns = scope.columns(sort);
    if (columns.isEmpty() || draft.chance(8)) {
      return draft.chance(30)
          ? grammar.literals().parameter(sort, false)
          : grammar.literals().literal(sort);
    }
    return draft.column(draft.pick(columns));
  }

  Node value(Sort sort, Scope scope, int depth) {
    if (depth <= 0 || draft.chance(55)) {
      return simple(sort, scope);
    }
    Node chosen =
        switch (draft.number(0, 9)) {
          case 0 -> conditional(sort, scope, depth - 1);
          case 1 -> coalesce(sort, scope, depth - 1);
          case 2 -> scalar(sort, scope, depth - 1);
          default -> composed(sort, scope, depth - 1);
        };
    return new Node.Choice(chosen, List.of(Node.of("NULL::" + sort.type())));
  }

  private Node composed(Sort sort, Scope scope, int depth) {
    return switch (sort) {
      case LONG -> whole(scope, depth);
      case INT -> small(scope, depth);
      case TEXT -> text(scope, depth);
      case NUMERIC -> numeric(scope, depth);
      case TIME -> time(scope, depth);
      case BOOL -> Node.of("(", grammar.predicates().predicate(scope, depth), ")");
      case LONGS -> longs(scope, depth);
      case JSON -> json(scope, depth);
    };
  }

  private Node conditional(Sort sort, Scope scope, int depth) {
    draft.uses(Construct.CASE);
    Node otherwise =
        draft.chance(70) ? Node.extra(" ELSE ", value(sort, scope, depth)) : Node.nothing();
    if (draft.chance(25)) {
      Node subject = simple(Sort.TEXT, scope);
      Node first = grammar.literals().bare(Sort.TEXT);
      return Node.of(
          "CASE ", subject, " WHEN ", first, " THEN ", value(sort, scope, 0), otherwise, " END");
    }
    Node when = grammar.predicates().predicate(scope, depth);
    return Node.of("CASE WHEN ", when, " THEN ", value(sort, scope, depth), otherwise, " END");
  }

  private Node coalesce(Sort sort, Scope scope, int depth) {
    Node first = value(sort, scope, depth);
    boolean comparable = sort != Sort.JSON && sort != Sort.BOOL;
    String function =
        comparable ? draft.pick("coalesce", "coalesce", "greatest", "LEAST") : "coalesce";
    if (comparable && draft.chance(20)) {
      return Node.of("nullif(", first, ", ", simple(sort, scope), ")");
    }
    return Node.of(function, "(", first, ", ", value(sort, scope, 0), ")");
  }

  /** A sub-query of one value: it is ordered, or an aggregate. */
  private Node scalar(Sort sort, Scope scope, int depth) {
    if (!draft.mayNest(depth)) {
      return simple(sort, scope);
    }
    draft.uses(Construct.SCALAR_SUBQUERY);
    return Node.of("(", grammar.queries().single(sort, scope, depth), ")");
  }

  private Node whole(Scope scope, int depth) {
    Node a = value(Sort.LONG, scope, depth);
    int small = draft.number(2, 90);
    return switch (draft.number(0, 8)) {
      case 0 -> Node.of("(", a, " / " + small + ")");
      case 1 -> Node.of("(", a, " % " + small + ")");
      case 2 -> Node.of("abs(", a, " % 1000)");
      case 3 -> Node.of("(", a, draft.pick(" & ", " # ", " | "), small + ")");
      case 4 -> Node.of("length(", value(Sort.TEXT, scope, depth), ")::bigint");
      case 5 -> Node.of("(", a, " / 1000 + ", value(Sort.INT, scope, depth), ")");
      case 6 -> Node.of("(", value(Sort.LONGS, scope, depth), ")[" + draft.number(1, 3) + "]");
      case 7 -> cast(a, "bigint");
      default -> Node.of("(", a, " >> 3)");
    };
  }

  private Node cast(Node value, String type) {
    draft.uses(Construct.CAST);
    return draft.chance(50)
        ? Node.of("CAST(", value, " AS ", type, ")")
        : Node.of("(", value, ")::", type);
  }

  private Node small(Scope scope, int depth) {
    Node text = value(Sort.TEXT, scope, depth);
    return switch (draft.number(0, 6)) {
      case 0 -> Node.of("length(", text, ")");
      case 1 -> Node.of("strpos(", text, ", ", grammar.literals().bare(Sort.TEXT), ")");
      case 2 -> cast(Node.of(value(Sort.LONG, scope, depth), " % 100"), "int");
      case 3 -> Node.of("octet_length(", text, ")");
      case 4 -> Node.of("position('a' in ", text, ")");
      case 5 -> Node.of("cardinality(", value(Sort.LONGS, scope, depth), ")");
      default -> Node.of("(", value(Sort.INT, scope, depth), " % 50 - 3)");
    };
  }

  private Node text(Scope scope, int depth) {
    Node a = value(Sort.TEXT, scope, depth);
    int few = draft.number(1, 8);
    return switch (draft.number(0, 13)) {
      case 0 -> Node.of(draft.pick("lower", "upper", "initcap", "reverse"), "(", a, ")");
      case 1 -> Node.of("(", a, " || ", value(Sort.TEXT, scope, depth), ")");
      case 2 -> Node.of("(", a, " || ", grammar.literals().bare(Sort.TEXT), ")");
      case 3 -> Node.of(draft.pick("left", "right"), "(", a, ", " + few + ")");
      case 4 -> Node.of("substring(", a, " from " + few + " for 4)");
      case 5 -> cast(value(draft.pick(Sort.LONG, Sort.TIME, Sort.BOOL), scope, depth), "text");
      case 6 -> cast(a, draft.pick("varchar(10)", "character varying", "text", "char(12)"));
      case 7 -> Node.of("concat(", a, ", '-', ", value(Sort.LONG, scope, depth), ")");
      case 8 -> Node.of("trim(both ' ' from ", a, ")");
      case 9 -> Node.of("split_part(", a, ", ' ', " + draft.number(1, 2) + ")");
      case 10 -> Node.of("md5(", a, ")");
      case 11 -> Node.of("to_char(", value(Sort.TIME, scope, depth), ", 'YYYY-MM-DD')");
      case 12 -> {
        draft.uses(Construct.COLLATE);
        yield Node.of("(", a, " COLLATE \"C\")");
      }
      default -> Node.of("replace(", a, ", 'a', ", grammar.literals().bare(Sort.TEXT), ")");
    };
  }

  private Node numeric(Scope scope, int depth) {
    Node a = value(Sort.LONG, scope, depth);
    return switch (draft.number(0, 5)) {
      case 0 -> cast(a, "numeric");
      case 1 -> Node.of("(", a, "::numeric + ", value(Sort.LONG, scope, depth), ")");
      case 2 -> Node.of("(", a, "::numeric * " + draft.number(-9, 99) + ")");
      case 3 -> Node.of("trunc(", a, "::numeric / " + draft.number(2, 70) + ")");
      case 4 -> Node.of("(- ", value(Sort.NUMERIC, scope, depth), ")");
      default -> Node.of("abs(", value(Sort.NUMERIC, scope, depth), ")");
    };
  }

  private Node time(Scope scope, int depth) {
    Node a = value(Sort.TIME, scope, depth);
    return draft.chance(50)
        ? Node.of("date_trunc('" + draft.pick("day", "month", "hour") + "', ", a, ")")
        : Node.of("coalesce(", a, ", ", grammar.literals().literal(Sort.TIME), ")");
  }

  private Node longs(Scope scope, int depth) {
    draft.uses(Construct.ARRAY);
    Node a = value(Sort.LONG, scope, depth);
    return switch (draft.number(0, 4)) {
      case 0 -> Node.of("array_append(", value(Sort.LONGS, scope, depth), ", ", a, ")");
      case 1 -> Node.of("(", value(Sort.LONGS, scope, depth), ")[1:2]");
      case 2 -> {
        if (!draft.mayNest(depth)) {
          yield Node.of("ARRAY[", a, "]");
        }
        draft.uses(Construct.ARRAY_SUBQUERY);
        yield Node.of("ARRAY(", grammar.queries().ordered(Sort.LONG, scope, depth), ")");
      }
      default -> Node.of("ARRAY[", a, ", ", value(Sort.LONG, scope, depth), "]");
    };
  }

  private Node json(Scope scope, int depth) {
    draft.uses(Construct.JSON);
    Node a = value(draft.pick(Sort.LONG, Sort.TEXT, Sort.TIME, Sort.LONGS), scope, depth);
    return switch (draft.number(0, 2)) {
      case 0 -> Node.of("to_jsonb(", a, ")");
      case 1 -> Node.of("jsonb_build_object('k', ", a, ")");
      default -> Node.of("jsonb_build_array(", a, ", ", value(Sort.LONG, scope, depth), ")");
    };
  }
}
