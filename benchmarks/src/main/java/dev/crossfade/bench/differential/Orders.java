package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Scope.Named;
import java.util.ArrayList;
import java.util.List;

/** ORDER BY and LIMIT. There is a LIMIT only where one order of the rows is possible. */
final class Orders {
  private final Grammar grammar;
  private final Draft draft;

  Orders(Grammar grammar) {
    this.grammar = grammar;
    this.draft = grammar.draft();
  }

  /** Perhaps in an order, by any of the ways to say it. */
  Query maybeOrdered(Body body, int percent) {
    boolean needed = !body.first().isEmpty();
    if (body.columns().isEmpty() || !needed && !draft.chance(percent)) {
      return new Query(body.node(), body.columns(), false);
    }
    draft.uses(Construct.ORDER_BY);
    if (!needed && draft.chance(12)) {
      String position = Integer.toString(draft.number(1, body.columns().size()));
      return new Query(
          Node.of(body.node(), Node.extra(" ORDER BY ", position)), body.columns(), false);
    }
    return totally(body, draft.chance(45));
  }

  /** In an order that leaves nothing open, and cut if so wished. */
  Query totally(Body body, boolean cut) {
    List<Node> terms = new ArrayList<>();
    body.first().forEach(term -> terms.add(Node.of(term, direction())));
    if (body.first().isEmpty() && !body.scope().sources().isEmpty() && draft.chance(35)) {
      expression(body.scope(), terms);
    }
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < body.columns().size(); i++) {
      positions.add(i);
    }
    for (int position : draft.shuffled(positions)) {
      boolean byName = body.named() && draft.chance(40, Construct.ORDER_BY_NAME);
      String term =
          byName
              ? draft.written(body.columns().get(position).name())
              : Integer.toString(position + 1);
      draft.uses(byName ? Construct.ORDER_BY_NAME : Construct.ORDER_BY_POSITION);
      terms.add(Node.of(term, direction()));
    }
    Node order = Node.of(" ORDER BY ", Node.list(terms), cut ? limit() : Node.nothing());
    Node tail = body.first().isEmpty() ? new Node.Extra(order) : order;
    return new Query(Node.of(body.node(), tail), body.columns(), true);
  }

  private void expression(Scope scope, List<Node> terms) {
    draft.uses(Construct.ORDER_BY_EXPRESSION);
    List<Named> own = scope.own();
    Node term =
        own.isEmpty() || draft.chance(40)
            ? Node.of("(", grammar.values().value(Sort.TEXT, scope, 1), ")")
            : draft.column(draft.pick(own));
    // A constant alone would be taken for a position, or refused.
    terms.add(Node.of(term, direction()));
  }

  private String direction() {
    return draft.pick("", "", " DESC", " ASC NULLS FIRST", " DESC NULLS LAST", " desc", " USING <");
  }

  private Node limit() {
    String count = Integer.toString(draft.number(0, 30));
    Node offset =
        draft.chance(35, Construct.OFFSET)
            ? Node.extra(" OFFSET ", Integer.toString(draft.number(0, 9)))
            : Node.nothing();
    draft.uses(Construct.LIMIT);
    Node limit =
        switch (draft.number(0, 5)) {
          case 0 -> Node.of(" LIMIT ", draft.parameter(count));
          case 1 -> Node.of(" FETCH FIRST " + count + " ROWS ONLY");
          case 2 -> {
            draft.uses(Construct.WITH_TIES);
            yield Node.of(" FETCH NEXT " + count + " ROWS WITH TIES");
          }
          default -> Node.of(" LIMIT " + count);
        };
    boolean fetch = limit.statement().sql().contains("FETCH");
    return fetch ? Node.of(offset, limit) : Node.of(limit, offset);
  }
}
