package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Froms.From;
import dev.crossfade.bench.differential.Scope.Column;
import dev.crossfade.bench.differential.Scope.Named;
import java.util.ArrayList;
import java.util.List;

/** A SELECT of groups. */
final class Groups {
  private final Grammar grammar;
  private final Draft draft;
  private final Wish wish;
  private final From from;
  private final Scope scope;
  private final Aggregates aggregates;
  private final List<Group> groups = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private final List<Node> items = new ArrayList<>();

  /** What is grouped by. */
  private record Group(Node term, Sort sort) {}

  Groups(Grammar grammar, Wish wish) {
    this.grammar = grammar;
    this.draft = grammar.draft();
    this.wish = wish;
    this.from = new Froms(grammar, wish.outer(), wish.depth()).from();
    this.scope = new Scope(from.sources(), wish.outer());
    this.aggregates = new Aggregates(grammar, scope, wish.depth());
  }

  Body select() {
    draft.uses(Construct.GROUP_BY);
    for (int i = draft.pick(1, 1, 2, 3); i > 0; i--) {
      groups.add(group());
    }
    boolean sets = draft.chance(35);
    Node by = sets ? groupingSets() : Node.nothing();
    items(sets);
    Node having =
        draft.chance(35, Construct.HAVING)
            ? Node.extra(" HAVING ", aggregates.having())
            : Node.nothing();
    String distinct = draft.chance(4, Construct.DISTINCT) ? "DISTINCT " : "";
    Node node =
        Node.of(
            "SELECT ",
            distinct,
            Node.list(items, 1),
            " FROM ",
            from.node(),
            where(),
            " GROUP BY ",
            sets ? by : terms(),
            having);
    return new Body(node, columns, wish.named());
  }

  /** One row: aggregates of everything. */
  Body whole() {
    items(false);
    return new Body(
        Node.of("SELECT ", Node.list(items, 1), " FROM ", from.node(), where()),
        columns,
        wish.named());
  }

  private Node where() {
    return draft.chance(60)
        ? Node.extra(" WHERE ", grammar.predicates().predicate(scope, wish.depth() - 1))
        : Node.nothing();
  }

  private Group group() {
    List<Named> own = scope.own();
    Named named = draft.pick(own);
    Node column = draft.column(named);
    Sort sort = named.column().sort();
    return switch (draft.number(0, 5)) {
      case 0 -> new Group(Node.of("(", column, " IS NULL)"), Sort.BOOL);
      case 1 ->
          switch (sort) {
            case LONG -> new Group(Node.of("(", column, " % 7)"), Sort.LONG);
            case TEXT -> new Group(Node.of("left(", column, ", 1)"), Sort.TEXT);
            case TIME -> new Group(Node.of("date_trunc('year', ", column, ")"), Sort.TIME);
            default -> new Group(column, sort);
          };
      default -> new Group(column, sort);
    };
  }

  private Node groupingSets() {
    List<Node> all = groups.stream().map(Group::term).toList();
    Node list = Node.list(all);
    return switch (draft.number(0, 3)) {
      case 0 -> {
        draft.uses(Construct.ROLLUP);
        yield Node.of("ROLLUP (", list, ")");
      }
      case 1 -> {
        draft.uses(Construct.CUBE);
        yield Node.of("CUBE (", list, ")");
      }
      case 2 -> {
        draft.uses(Construct.GROUPING_SETS);
        yield Node.of("GROUPING SETS ((", list, "), ", all.getFirst(), ", ())");
      }
      default -> {
        draft.uses(Construct.ROLLUP);
        yield Node.of(all.getLast(), ", rollup (", all.getFirst(), ")");
      }
    };
  }

  /** Named by their expression, or by the position of the column that shows them. */
  private Node terms() {
    List<Node> terms = new ArrayList<>();
    for (Group group : groups) {
      int shown = items.indexOf(group.term());
      terms.add(
          shown >= 0 && draft.chance(40) ? Node.of(Integer.toString(shown + 1)) : group.term());
    }
    return Node.list(terms, 1);
  }

  private void items(boolean sets) {
    if (!wish.sorts().isEmpty()) {
      wish.sorts().forEach(sort -> add(shown(sort), sort));
      return;
    }
    for (Group group : groups) {
      if (draft.chance(85)) {
        add(group.term(), group.sort());
      }
    }
    for (int i = draft.number(1, 3); i > 0; i--) {
      Sort sort = draft.pick(Selects.ANY);
      add(aggregates.aggregate(sort), sort);
    }
    if (sets) {
      add(Node.of("grouping(", groups.getFirst().term(), ")"), Sort.INT);
    }
  }

  private Node shown(Sort sort) {
    List<Group> fitting = groups.stream().filter(group -> group.sort() == sort).toList();
    return fitting.isEmpty() || draft.chance(30)
        ? aggregates.aggregate(sort)
        : draft.pick(fitting).term();
  }

  private void add(Node value, Sort sort) {
    items.add(Selects.named(value, sort, wish, columns, draft));
  }
}
