package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Scope.Named;
import java.util.ArrayList;
import java.util.List;

/**
 * Window functions whose result does not depend on the order of peers: either the function gives
 * all peers the same, or a key of all rows leaves no peers.
 */
final class Windows {
  private final Grammar grammar;
  private final Draft draft;
  private final Values values;
  private final Scope scope;
  private final List<Named> key;
  private final List<Node> definitions = new ArrayList<>();

  Windows(Grammar grammar, Scope scope, List<Named> key) {
    this.grammar = grammar;
    this.draft = grammar.draft();
    this.values = grammar.values();
    this.scope = scope;
    this.key = key;
  }

  /** A call with its OVER. */
  Node call(Sort sort) {
    draft.uses(Construct.WINDOW);
    boolean unique = !key.isEmpty() && draft.chance(60);
    Node function = unique ? forRows(sort) : forPeers(sort);
    String frame = unique ? rowFrame() : peerFrame();
    Node partition =
        draft.chance(50)
            ? Node.extra("PARTITION BY ", values.simple(draft.pick(Sort.TEXT, Sort.LONG), scope))
            : Node.nothing();
    Node window = Node.of("(", partition, " ORDER BY ", order(unique), frame, ")");
    if (definitions.isEmpty() && draft.chance(25, Construct.NAMED_WINDOW)) {
      definitions.add(window);
      return Node.of(function, " OVER w");
    }
    return Node.of(function, " OVER ", window);
  }

  /** Empty when no window has a name. */
  Node clause() {
    return definitions.isEmpty()
        ? Node.nothing()
        : Node.of(" WINDOW w AS ", definitions.getFirst());
  }

  private Node order(boolean unique) {
    List<Node> terms = new ArrayList<>();
    if (!unique || draft.chance(40)) {
      terms.add(values.simple(draft.pick(Sort.LONG, Sort.TEXT, Sort.TIME), scope));
    }
    if (unique) {
      key.forEach(part -> terms.add(Node.of(draft.column(part), draft.pick("", " DESC"))));
    }
    return Node.list(terms);
  }

  private String rowFrame() {
    if (!draft.chance(35, Construct.FRAME)) {
      return "";
    }
    return draft.pick(
        " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
        " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW",
        " ROWS UNBOUNDED PRECEDING",
        " GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING");
  }

  private String peerFrame() {
    if (!draft.chance(35, Construct.FRAME)) {
      return "";
    }
    return draft.pick(
        " RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
        " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW",
        " RANGE UNBOUNDED PRECEDING",
        " GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP");
  }

  private Node forRows(Sort sort) {
    Node value = values.value(sort, scope, 1);
    return switch (draft.number(0, 5)) {
      case 0 -> sort == Sort.LONG ? Node.of("row_number()") : Node.of("lag(", value, ")");
      case 1 -> Node.of("lead(", value, ", 2)");
      case 2 -> Node.of("last_value(", value, ")");
      case 3 -> Node.of("nth_value(", value, ", 2)");
      case 4 -> sort == Sort.INT ? Node.of("ntile(4)") : Node.of("first_value(", value, ")");
      default -> Node.of("first_value(", value, ")");
    };
  }

  private Node forPeers(Sort sort) {
    return switch (sort) {
      case LONG -> Node.of(draft.pick("rank()", "dense_rank()", "count(*)", "min(7::bigint)"));
      case NUMERIC -> Node.of("sum(", values.value(Sort.LONG, scope, 1), ")");
      case BOOL -> Node.of("bool_or(", grammar.predicates().predicate(scope, 0), ")");
      case INT, TEXT, TIME, LONGS ->
          Node.of(draft.pick("min(", "max("), values.value(sort, scope, 1), ")");
      case JSON -> Node.of("jsonb_agg(7)");
    };
  }
}
