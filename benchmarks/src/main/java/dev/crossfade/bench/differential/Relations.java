package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Draft.CommonTable;
import dev.crossfade.bench.differential.Scope.Column;
import dev.crossfade.bench.differential.Scope.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One thing that a FROM can hold, under a name that no other thing in that FROM has. */
final class Relations {
  private final Grammar grammar;
  private final Draft draft;

  /** A piece of a FROM and what it brings. */
  record Relation(Node node, Source source) {}

  Relations(Grammar grammar) {
    this.grammar = grammar;
    this.draft = grammar.draft();
  }

  /**
   * @param taken qualifiers that are in use beside it; the new one is added
   * @param outer what a sub-query in it may refer to
   */
  Relation relation(Set<String> taken, Scope outer, int depth) {
    int kind = draft.number(0, 99);
    if (!draft.commonTables().isEmpty() && kind < 35) {
      return commonTable(draft.pick(List.copyOf(draft.commonTables())), taken);
    }
    if (draft.mayNest(depth) && kind < 50) {
      return derived(taken, outer, depth - 1);
    }
    if (kind < 56) {
      return values(taken);
    }
    return kind < 62 ? series(taken) : table(draft.pick(Tables.values()), taken);
  }

  /** A mapped table, by any of its names; where a WITH hides it, by that of its schema. */
  Relation table(Tables table, Set<String> taken) {
    draft.mappedTable();
    boolean hidden = draft.commonTable(table.table()) != null;
    String name = draft.written(table.table());
    if (hidden || draft.chance(20, Construct.QUALIFIED_NAME)) {
      name = draft.pick("public.", "public.", "\"public\".") + name;
    }
    if (draft.chance(3)) {
      name = name + " *";
    }
    return named(name, table.table(), table.columns(), List.of("id"), taken, true);
  }

  private Relation commonTable(CommonTable table, Set<String> taken) {
    return named(
        draft.written(table.name()), table.name(), table.columns(), List.of(), taken, false);
  }

  private Relation named(
      String written,
      String name,
      List<Column> columns,
      List<String> key,
      Set<String> taken,
      boolean table) {
    boolean own = !taken.contains(name) && draft.chance(35);
    String qualifier = own ? name : draft.name(name.substring(0, 1));
    if (!own && draft.chance(3)) {
      String other = draft.pick(Tables.values()).table();
      if (!taken.contains(other)) {
        draft.uses(Construct.ALIAS_IS_TABLE_NAME);
        qualifier = other;
      }
    }
    taken.add(qualifier);
    if (own) {
      return new Relation(Node.of(written), new Source(qualifier, columns, key, table));
    }
    String alias = written + draft.pick(" ", " AS ", " as ") + draft.written(qualifier);
    if (!draft.chance(10, Construct.COLUMN_ALIASES)) {
      return new Relation(Node.of(alias), new Source(qualifier, columns, key, table));
    }
    List<Column> renamed = new ArrayList<>(columns);
    List<String> names = new ArrayList<>();
    List<String> newKey = new ArrayList<>(key);
    for (int i = 0; i < draft.number(1, columns.size()); i++) {
      String fresh = draft.name("col");
      names.add(draft.written(fresh));
      newKey.replaceAll(part -> part.equals(columns.get(names.size() - 1).name()) ? fresh : part);
      renamed.set(i, new Column(fresh, columns.get(i).sort()));
    }
    return new Relation(
        Node.of(alias + " (" + String.join(", ", names) + ")"),
        new Source(qualifier, renamed, newKey, table));
  }

  /** A sub-query in the FROM. */
  Relation derived(Set<String> taken, Scope outer, int depth) {
    draft.uses(Construct.DERIVED_TABLE);
    Query query = grammar.queries().query(Wish.table(outer, depth));
    return aliased(Node.of("(", query.node(), ")"), query.columns(), taken);
  }

  private Relation aliased(Node body, List<Column> columns, Set<String> taken) {
    String qualifier = draft.name("d");
    taken.add(qualifier);
    String alias = draft.pick(" AS ", " ") + draft.written(qualifier);
    if (!draft.chance(20, Construct.COLUMN_ALIASES)) {
      return new Relation(Node.of(body, alias), new Source(qualifier, columns, List.of(), false));
    }
    List<Column> renamed = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Column column : columns) {
      Column fresh = new Column(draft.name("k"), column.sort());
      renamed.add(fresh);
      names.add(draft.written(fresh.name()));
    }
    return new Relation(
        Node.of(body, alias + " (" + String.join(", ", names) + ")"),
        new Source(qualifier, renamed, List.of(), false));
  }

  /** One of a few rows, for where every row meets every row. */
  Relation few(Set<String> taken) {
    return draft.chance(50) ? values(taken) : series(taken);
  }

  private Relation values(Set<String> taken) {
    draft.uses(Construct.VALUES);
    List<Node> rows = new ArrayList<>();
    for (int i = draft.number(1, 4); i > 0; i--) {
      rows.add(
          Node.of(
              "(",
              grammar.literals().literal(Sort.LONG),
              ", ",
              grammar.literals().literal(Sort.TEXT),
              ")"));
    }
    String qualifier = draft.name("v");
    taken.add(qualifier);
    String names = draft.chance(50) ? "(n, t)" : "(\"N\", t)";
    String first = names.startsWith("(n") ? "n" : "N";
    return new Relation(
        Node.of("(VALUES ", Node.list(rows, 1), ") AS ", draft.written(qualifier), names),
        new Source(
            qualifier,
            List.of(new Column(first, Sort.LONG), new Column("t", Sort.TEXT)),
            List.of(),
            false));
  }

  private Relation series(Set<String> taken) {
    draft.uses(Construct.TABLE_FUNCTION);
    String qualifier = draft.name("g");
    taken.add(qualifier);
    String alias = draft.written(qualifier);
    boolean ordinality = draft.chance(35, Construct.ORDINALITY);
    List<Column> columns = new ArrayList<>(List.of(new Column("n", Sort.LONG)));
    if (ordinality) {
      columns.add(new Column("place", Sort.LONG));
    }
    String call =
        switch (draft.number(0, 2)) {
          case 0 -> "generate_series(1::bigint, " + draft.number(2, 9) + ")";
          case 1 -> "unnest('{3,1,NULL,2}'::bigint[])";
          default -> "ROWS FROM (generate_series(1::bigint, 4))";
        };
    String text =
        call
            + (ordinality ? " WITH ORDINALITY AS " + alias + "(n, place)" : " AS " + alias + "(n)");
    return new Relation(Node.of(text), new Source(qualifier, columns, List.of(), false));
  }

  /** A function over columns that stand before it in the FROM. */
  Relation lateralFunction(Set<String> taken, Scope left) {
    draft.uses(Construct.TABLE_FUNCTION);
    String qualifier = draft.name("f");
    taken.add(qualifier);
    String alias = draft.written(qualifier);
    Node text = grammar.values().simple(Sort.TEXT, left);
    Node number = grammar.values().simple(Sort.LONG, left);
    if (draft.chance(50)) {
      draft.uses(Construct.ORDINALITY);
      return new Relation(
          Node.of(
              "unnest(string_to_array(left(",
              text,
              ", 40), ' ')) WITH ORDINALITY AS ",
              alias,
              "(word, place)"),
          new Source(
              qualifier,
              List.of(new Column("word", Sort.TEXT), new Column("place", Sort.LONG)),
              List.of(),
              false));
    }
    return new Relation(
        Node.of("generate_series(1, (", number, " % 4)::int) AS ", alias, "(step)"),
        new Source(qualifier, List.of(new Column("step", Sort.INT)), List.of(), false));
  }
}
