package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Froms.From;
import dev.crossfade.bench.differential.Scope.Column;
import dev.crossfade.bench.differential.Scope.Named;
import dev.crossfade.bench.differential.Scope.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A SELECT without GROUP BY. */
final class Selects {
  static final List<Sort> ANY =
      List.of(
          Sort.LONG,
          Sort.LONG,
          Sort.LONG,
          Sort.TEXT,
          Sort.TEXT,
          Sort.TEXT,
          Sort.TIME,
          Sort.NUMERIC,
          Sort.INT,
          Sort.BOOL,
          Sort.LONGS,
          Sort.JSON);

  private final Grammar grammar;
  private final Draft draft;
  private final Wish wish;
  private final From from;
  private final Scope scope;
  private final Windows windows;
  private final List<Column> columns = new ArrayList<>();

  Selects(Grammar grammar, Wish wish) {
    this.grammar = grammar;
    this.draft = grammar.draft();
    this.wish = wish;
    this.from = new Froms(grammar, wish.outer(), wish.depth()).from();
    this.scope = new Scope(from.sources(), wish.outer());
    this.windows = new Windows(grammar, scope, from.key());
  }

  Body select() {
    Node list = wish.sorts().isEmpty() && draft.chance(28) ? stars() : items();
    boolean counted = !columns.isEmpty();
    Node where =
        draft.chance(75)
            ? Node.extra(" WHERE ", grammar.predicates().predicate(scope, wish.depth()))
            : Node.nothing();
    Node tail = Node.of(" FROM ", from.node(), where, windows.clause());
    if (counted && draft.chance(8, Construct.DISTINCT)) {
      return new Body(Node.of("SELECT DISTINCT ", list, tail), columns, wish.named());
    }
    if (counted && draft.chance(6, Construct.DISTINCT_ON)) {
      Node on = draft.pick(true, false) ? key() : grammar.values().simple(Sort.TEXT, scope);
      Node body = Node.of("SELECT DISTINCT ON (", on, ") ", list, tail);
      return new Body(body, columns, wish.named(), scope, List.of(on));
    }
    String select = draft.chance(3) ? "SELECT ALL " : "SELECT ";
    return new Body(Node.of(select, list, tail), columns, wish.named(), scope, List.of());
  }

  private Node key() {
    List<Named> keys = scope.own();
    return draft.column(draft.pick(keys));
  }

  private Node items() {
    List<Sort> sorts = wish.sorts();
    if (sorts.isEmpty()) {
      List<Sort> any = new ArrayList<>();
      for (int i = draft.number(1, 4); i > 0; i--) {
        any.add(draft.pick(ANY));
      }
      sorts = any;
    }
    List<Node> items = new ArrayList<>();
    for (Sort sort : sorts) {
      items.add(item(sort));
    }
    if (!wish.named() && wish.sorts().isEmpty()) {
      wholeRow(items);
    }
    return Node.list(items, 1);
  }

  private Node item(Sort sort) {
    Node value =
        draft.chance(11)
            ? windows.call(sort)
            : grammar.values().value(sort, scope, Math.min(wish.depth(), 2));
    return named(value, sort, wish, columns, draft);
  }

  /** With a name where one is wanted, and now and then where not. */
  static Node named(Node value, Sort sort, Wish wish, List<Column> columns, Draft draft) {
    if (!wish.named() && !draft.chance(30)) {
      columns.add(new Column("", sort));
      return value;
    }
    String name = draft.name(sort == Sort.LONG ? "n" : "x");
    columns.add(new Column(name, sort));
    return Node.of(value, draft.pick(" AS ", " AS ", " as "), draft.written(name));
  }

  /** The rows of a sub-query as values: those of tables are among the specials. */
  private void wholeRow(List<Node> items) {
    for (Source source : from.sources()) {
      boolean query = !source.table() && source.columns().size() > 1;
      if (query && draft.chance(12, Construct.WHOLE_ROW_OF_QUERY)) {
        String row = draft.written(source.qualifier());
        items.add(Node.of(draft.chance(50) ? row : "to_jsonb(" + row + ")"));
        columns.add(new Column("", Sort.JSON));
      }
    }
  }

  /** {@code *}, or {@code t.*} beside others. */
  private Node stars() {
    boolean all = from.sources().size() == 1 || draft.chance(40);
    List<Column> starred = new ArrayList<>();
    List<Source> sources = all ? from.sources() : List.of(draft.pick(from.sources()));
    sources.forEach(source -> starred.addAll(source.columns()));
    if (wish.named() && (all && from.merged() || !differ(starred))) {
      return items();
    }
    if (all && draft.chance(70)) {
      draft.uses(Construct.STAR);
      if (!from.merged()) {
        columns.addAll(starred);
      }
      return Node.of("*");
    }
    draft.uses(Construct.TABLE_STAR);
    List<Node> items = new ArrayList<>();
    for (Source source : sources) {
      items.add(Node.of(draft.written(source.qualifier()), ".*"));
    }
    columns.addAll(starred);
    if (draft.chance(40)) {
      items.add(item(draft.pick(ANY)));
    }
    return Node.list(items, 1);
  }

  private static boolean differ(List<Column> columns) {
    Set<String> names = new HashSet<>();
    return columns.stream().allMatch(column -> names.add(column.name()));
  }
}
