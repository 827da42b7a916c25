package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Draft.CommonTable;
import dev.crossfade.bench.differential.Froms.From;
import dev.crossfade.bench.differential.Relations.Relation;
import dev.crossfade.bench.differential.Scope.Column;
import dev.crossfade.bench.differential.Scope.Named;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Whole queries: a WITH, a SELECT or several combined, an ORDER BY and a LIMIT. */
final class Queries {
  private final Grammar grammar;
  private final Draft draft;

  Queries(Grammar grammar) {
    this.grammar = grammar;
    this.draft = grammar.draft();
  }

  Query query(Wish wish) {
    draft.query();
    int visible = draft.commonTables().size();
    Node with = Node.nothing();
    if (draft.mayNest(wish.depth()) && draft.chance(17)) {
      with = with(wish);
    }
    Body body = body(wish);
    Query query = orders().maybeOrdered(body, wish.outer() == Scope.NONE ? 50 : 15);
    while (draft.commonTables().size() > visible) {
      draft.commonTables().pop();
    }
    return new Query(Node.of(with, query.node()), query.columns(), query.ordered());
  }

  private Orders orders() {
    return new Orders(grammar);
  }

  private Body body(Wish wish) {
    if (draft.mayNest(wish.depth()) && draft.chance(13)) {
      return combined(wish);
    }
    if (wish.sorts().isEmpty() && draft.chance(3)) {
      return command(wish);
    }
    int kind = draft.number(0, 99);
    if (kind < 22) {
      return new Groups(grammar, wish).select();
    }
    return kind < 26 ? new Groups(grammar, wish).whole() : new Selects(grammar, wish).select();
  }

  private Body command(Wish wish) {
    Tables table = draft.pick(Tables.values());
    if (draft.commonTable(table.table()) != null || draft.chance(30)) {
      draft.uses(Construct.VALUES);
      Node row =
          Node.of(
              "(",
              grammar.literals().literal(Sort.LONG),
              ", (",
              single(Sort.TEXT, wish.outer(), wish.depth() - 1),
              "))");
      List<Column> columns =
          List.of(new Column("column1", Sort.LONG), new Column("column2", Sort.TEXT));
      return new Body(Node.of("VALUES ", row, ", (7, 'x')"), columns, true);
    }
    draft.uses(Construct.TABLE_COMMAND);
    draft.mappedTable();
    String name = draft.pick("", "public.") + draft.written(table.table());
    return new Body(Node.of("TABLE " + name), table.columns(), true);
  }

  /** UNION and its like, of queries with the same sorts of columns. */
  private Body combined(Wish wish) {
    List<Sort> sorts = wish.sorts();
    if (sorts.isEmpty()) {
      List<Sort> any = new ArrayList<>();
      for (int i = draft.number(1, 3); i > 0; i--) {
        any.add(draft.pick(Selects.ANY));
      }
      sorts = any;
    }
    Wish part = new Wish(sorts, wish.named(), wish.outer(), wish.depth() - 1);
    Body first = branch(part);
    List<Node> further = new ArrayList<>();
    for (int i = draft.pick(1, 1, 2); i > 0; i--) {
      Construct operator =
          draft.pick(Construct.UNION, Construct.UNION, Construct.INTERSECT, Construct.EXCEPT);
      draft.uses(operator);
      String all = draft.pick("", "", " ALL", " DISTINCT");
      further.add(Node.of(" ", operator.name(), all, " ", branch(part).node()));
    }
    Node node = Node.of(first.node(), new Node.Items("", further, 0));
    return new Body(node, first.columns(), wish.named());
  }

  /** Sometimes in parentheses, and then with an order and a limit of its own. */
  private Body branch(Wish wish) {
    if (draft.chance(25)) {
      Query query = query(wish);
      return new Body(Node.of("(", query.node(), ")"), query.columns(), wish.named());
    }
    draft.query();
    return draft.chance(25)
        ? new Groups(grammar, wish).select()
        : plain(new Selects(grammar, wish).select());
  }

  /** DISTINCT ON needs its ORDER BY, which needs parentheses here. */
  private Body plain(Body body) {
    if (body.first().isEmpty()) {
      return body;
    }
    Query query = orders().totally(body, false);
    return new Body(Node.of("(", query.node(), ")"), body.columns(), body.named());
  }

  private Node with(Wish wish) {
    draft.uses(Construct.CTE);
    if (wish.depth() < 3) {
      draft.uses(Construct.NESTED_WITH);
    }
    List<Node> tables = new ArrayList<>();
    for (int i = draft.pick(1, 1, 2); i > 0; i--) {
      Tables shadowed = draft.pick(Tables.values());
      boolean shadows =
          draft.commonTable(shadowed.table()) == null
              && draft.chance(25, Construct.CTE_SHADOWS_TABLE);
      String name = shadows ? shadowed.table() : draft.name("w");
      // Not yet in force: inside of it, its own name still means the table.
      Query query = query(Wish.table(Scope.NONE, wish.depth() - 1));
      List<Column> columns = query.columns();
      String names = "";
      if (draft.chance(25, Construct.COLUMN_ALIASES)) {
        columns = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (Column column : query.columns()) {
          columns.add(new Column(draft.name("r"), column.sort()));
          written.add(draft.written(columns.getLast().name()));
        }
        names = " (" + String.join(", ", written) + ")";
      }
      String how =
          draft.chance(30, Construct.MATERIALIZED)
              ? draft.pick(" AS MATERIALIZED (", " AS NOT MATERIALIZED (")
              : " AS (";
      tables.add(Node.of(draft.written(name), names, how, query.node(), ")"));
      draft.commonTables().push(new CommonTable(name, columns));
    }
    return new Node.Extra(Node.of("WITH ", Node.list(tables, 1), " "));
  }

  /** A query of one row, or none, and one column. */
  Node single(Sort sort, Scope scope, int depth) {
    draft.query();
    Wish wish = new Wish(List.of(sort), false, scope, Math.min(depth, 1));
    if (draft.chance(60)) {
      return new Groups(grammar, wish).whole().node();
    }
    return Node.of(
        plainColumn(sort, wish),
        " ORDER BY 1",
        draft.pick("", " DESC NULLS LAST"),
        " LIMIT 1",
        draft.chance(10, Construct.OFFSET) ? " OFFSET 2" : "");
  }

  /** A query of one column in an order that leaves nothing open. */
  Node ordered(Sort sort, Scope scope, int depth) {
    draft.query();
    Wish wish = new Wish(List.of(sort), false, scope, Math.min(depth, 1));
    return Node.of(plainColumn(sort, wish), " ORDER BY 1", Node.extra(" LIMIT 7"));
  }

  private Node plainColumn(Sort sort, Wish wish) {
    From from = new Froms(grammar, wish.outer(), wish.depth()).from();
    Scope scope = new Scope(from.sources(), wish.outer());
    return Node.of(
        "SELECT ",
        grammar.values().value(sort, scope, 1),
        " FROM ",
        from.node(),
        Node.extra(" WHERE ", grammar.predicates().predicate(scope, wish.depth())));
  }

  /** A query whose rows have to do with a row around it. */
  Node related(Scope around, int depth) {
    draft.query();
    Relation relation = grammar.relations().table(draft.pick(Tables.values()), new HashSet<>());
    Scope scope = new Scope(List.of(relation.source()), around);
    return Node.of(
        "SELECT ",
        draft.pick("1", "*", "", "NULL"),
        " FROM ",
        relation.node(),
        " WHERE ",
        relation(scope),
        Node.extra(" AND ", grammar.predicates().predicate(scope, depth)));
  }

  private Node relation(Scope scope) {
    List<Named> own =
        scope.own().stream().filter(named -> named.column().sort() == Sort.LONG).toList();
    List<Named> around = scope.columns(Sort.LONG).stream().filter(Named::outside).toList();
    return around.isEmpty() || own.isEmpty()
        ? Node.of(grammar.values().simple(Sort.LONG, scope), " > 3")
        : Node.of(draft.column(draft.pick(own)), " = ", draft.column(draft.pick(around)));
  }

  /** A few rows that have to do with those before them in a FROM. */
  Query few(Scope before, int depth) {
    draft.query();
    Relation relation = grammar.relations().table(draft.pick(Tables.values()), new HashSet<>());
    Scope scope = new Scope(List.of(relation.source()), before);
    boolean one = draft.chance(35);
    List<Column> columns = new ArrayList<>();
    List<Node> items = new ArrayList<>();
    Wish wish = Wish.table(before, depth);
    for (int i = draft.number(1, 3); i > 0; i--) {
      Sort sort = draft.pick(Selects.ANY);
      Node value =
          one
              ? new Aggregates(grammar, scope, 1).aggregate(sort)
              : grammar.values().value(sort, scope, 1);
      items.add(Selects.named(value, sort, wish, columns, draft));
    }
    Node select =
        Node.of(
            "SELECT ", Node.list(items, 1), " FROM ", relation.node(), " WHERE ", relation(scope));
    Body body = new Body(select, columns, true);
    return one ? new Query(select, columns, true) : orders().totally(body, draft.chance(80));
  }
}
