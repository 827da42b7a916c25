package dev.crossfade.bench.differential;

import java.util.List;

/** Aggregates whose result does not depend on the order in which rows come. */
final class Aggregates {
  private final Grammar grammar;
  private final Draft draft;
  private final Values values;
  private final Scope own;
  private final int depth;

  /**
   * @param scope only its own columns are used: an aggregate of columns of a query around would
   *     belong to that query
   */
  Aggregates(Grammar grammar, Scope scope, int depth) {
    this.grammar = grammar;
    this.draft = grammar.draft();
    this.values = grammar.values();
    this.own = new Scope(scope.sources(), null);
    this.depth = Math.min(depth, 1);
  }

  Node aggregate(Sort sort) {
    Node aggregate = plain(sort);
    if (draft.chance(25, Construct.AGGREGATE_FILTER)) {
      Node where = grammar.predicates().predicate(own, depth);
      return Node.of(aggregate, Node.extra(" FILTER (WHERE ", where, ")"));
    }
    return aggregate;
  }

  private Node plain(Sort sort) {
    return switch (sort) {
      case LONG -> whole();
      case INT -> Node.of(draft.pick("min(", "max("), value(Sort.INT), ")");
      case TEXT -> text();
      case NUMERIC ->
          draft.chance(65)
              ? Node.of("sum(", value(Sort.LONG), ")")
              : Node.of("sum(DISTINCT ", value(Sort.LONG), ")");
      case TIME -> Node.of(draft.pick("min(", "max("), value(Sort.TIME), ")");
      case BOOL ->
          Node.of(
              draft.pick("bool_and(", "bool_or(", "every("),
              grammar.predicates().predicate(own, depth),
              ")");
      case LONGS -> ordered("array_agg(", value(Sort.LONG));
      case JSON -> {
        draft.uses(Construct.JSON);
        yield ordered("jsonb_agg(", value(draft.pick(Sort.LONG, Sort.TEXT)));
      }
    };
  }

  private Node whole() {
    Node argument = value(draft.pick(Sort.LONG, Sort.TEXT, Sort.TIME));
    return switch (draft.number(0, 6)) {
      case 0, 1 -> Node.of("count(*)");
      case 2 -> Node.of("count(", argument, ")");
      case 3 -> Node.of("count(DISTINCT ", argument, ")");
      case 4 -> Node.of(draft.pick("min(", "max(", "bit_xor("), value(Sort.LONG), ")");
      case 5 -> {
        draft.uses(Construct.ORDERED_SET_AGGREGATE);
        yield Node.of("percentile_disc(0.5) WITHIN GROUP (ORDER BY ", value(Sort.LONG), ")");
      }
      default -> Node.of("sum(length(", value(Sort.TEXT), "))");
    };
  }

  private Node text() {
    Node text = value(Sort.TEXT);
    if (draft.chance(60)) {
      return Node.of(draft.pick("min(", "max("), text, ")");
    }
    draft.uses(Construct.AGGREGATE_ORDER);
    Node argument = Node.of("left((", text, ")::text, 20)");
    return draft.chance(30)
        ? Node.of("string_agg(DISTINCT ", argument, ", ',' ORDER BY ", argument, " DESC)")
        : Node.of(
            "string_agg(",
            argument,
            ", ',' ORDER BY ",
            argument,
            draft.pick("", " DESC NULLS LAST", " COLLATE \"C\""),
            ")");
  }

  private Node ordered(String function, Node argument) {
    draft.uses(Construct.AGGREGATE_ORDER);
    return Node.of(
        function,
        draft.chance(25) ? "DISTINCT " : "",
        argument,
        " ORDER BY ",
        argument,
        draft.pick("", " DESC", " NULLS FIRST"),
        ")");
  }

  private Node value(Sort sort) {
    return values.value(sort, own, depth);
  }

  /** A condition on a group. */
  Node having() {
    Sort sort = draft.pick(List.of(Sort.LONG, Sort.TEXT, Sort.TIME));
    return switch (draft.number(0, 2)) {
      case 0 -> Node.of("count(*) > " + draft.number(0, 4));
      case 1 -> Node.of(aggregate(sort), " IS NOT NULL");
      default -> Node.of(aggregate(Sort.LONG), " < ", grammar.literals().bare(Sort.LONG));
    };
  }
}
