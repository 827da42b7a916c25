package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Relations.Relation;
import dev.crossfade.bench.differential.Scope.Column;
import dev.crossfade.bench.differential.Scope.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a SELECT selects from: one relation, or several joined. */
final class Froms {
  private final Grammar grammar;
  private final Draft draft;
  private final Relations relations;
  private final Scope outer;
  private final int depth;
  private final Set<String> taken = new HashSet<>();

  /** Behind a comma, a join does not see what stands before the comma. */
  private boolean last;

  /**
   * A FROM.
   *
   * @param merged whether columns of two relations were made one
   */
  record From(Node node, List<Source> sources, boolean merged) {
    From {
      sources = List.copyOf(sources);
    }

    From and(Node more, Relation relation) {
      List<Source> both = new ArrayList<>(sources);
      both.add(relation.source());
      return new From(more, both, merged);
    }

    /** Columns that together differ in all rows; empty when there are none, or not known. */
    List<Scope.Named> key() {
      List<Scope.Named> key = new ArrayList<>();
      for (Source source : sources) {
        if (source.key().isEmpty()) {
          return List.of();
        }
        for (Column column : source.columns()) {
          if (source.key().contains(column.name())) {
            key.add(new Scope.Named(source, column, false, false));
          }
        }
      }
      return key;
    }
  }

  Froms(Grammar grammar, Scope outer, int depth) {
    this.grammar = grammar;
    this.draft = grammar.draft();
    this.relations = grammar.relations();
    this.outer = outer;
    this.depth = depth;
  }

  From from() {
    Relation first =
        draft.chance(65)
            ? relations.table(draft.pick(Tables.values()), taken)
            : relations.relation(taken, Scope.NONE, depth);
    From from = new From(first.node(), List.of(first.source()), false);
    int joins = draft.pick(0, 0, 0, 1, 1, 1, 2);
    for (int i = 0; i < joins; i++) {
      last = i == joins - 1;
      from = joined(from);
    }
    return from;
  }

  private From joined(From left) {
    int kind = draft.number(0, 99);
    if (kind < 14) {
      return lateral(left);
    }
    if (kind < 26) {
      return crossed(left);
    }
    if (kind < 36 && left.sources().size() == 1) {
      return merged(left);
    }
    if (kind < 44 && left.sources().size() == 1) {
      return nested(left);
    }
    Relation right = right();
    markSelfJoin(left, right.source());
    int join = draft.number(0, 9);
    Node on = equality(left.sources(), List.of(right.source()));
    if (join < 8 && draft.chance(25)) {
      Scope both = new Scope(left.and(on, right).sources(), outer);
      on = Node.of(on, Node.extra(" AND ", grammar.predicates().predicate(both, 1)));
    }
    return left.and(Node.of(left.node(), kind(join), right.node(), " ON ", on), right);
  }

  private Relation right() {
    return draft.chance(55)
        ? relations.table(draft.pick(Tables.values()), taken)
        : relations.relation(taken, Scope.NONE, depth);
  }

  private void markSelfJoin(From left, Source right) {
    for (Source source : left.sources()) {
      if (source.table() && right.table() && source.columns().size() == right.columns().size()) {
        draft.uses(Construct.SELF_JOIN);
      }
    }
  }

  private String kind(int join) {
    return switch (join) {
      case 0, 1, 2 -> {
        draft.uses(Construct.INNER_JOIN);
        yield draft.pick(" JOIN ", " INNER JOIN ");
      }
      case 3, 4, 5 -> {
        draft.uses(Construct.LEFT_JOIN);
        yield draft.pick(" LEFT JOIN ", " LEFT OUTER JOIN ");
      }
      case 6, 7 -> {
        draft.uses(Construct.RIGHT_JOIN);
        yield " RIGHT JOIN ";
      }
      default -> {
        // Any further condition could make it one that PostgreSQL cannot execute.
        draft.uses(Construct.FULL_JOIN);
        yield " FULL JOIN ";
      }
    };
  }

  /** Of a column on each side; keys mostly. */
  private Node equality(List<Source> left, List<Source> right) {
    Sort sort = draft.chance(88) ? Sort.LONG : Sort.TEXT;
    List<Scope.Named> ofLeft = new Scope(left, null).columns(sort);
    List<Scope.Named> ofRight = new Scope(right, null).columns(sort);
    if (ofLeft.isEmpty() || ofRight.isEmpty()) {
      return Node.of("1 = 1");
    }
    return Node.of(qualified(keyish(ofLeft)), " = ", qualified(keyish(ofRight)));
  }

  private Scope.Named keyish(List<Scope.Named> columns) {
    List<Scope.Named> keys =
        columns.stream().filter(named -> named.column().name().endsWith("id")).toList();
    return draft.pick(keys.isEmpty() || draft.chance(25) ? columns : keys);
  }

  private Node qualified(Scope.Named named) {
    return Node.of(
        draft.written(named.source().qualifier()), ".", draft.written(named.column().name()));
  }

  private From crossed(From left) {
    draft.uses(Construct.CROSS_JOIN);
    Relation right = relations.few(taken);
    return left.and(Node.of(left.node(), comma(" CROSS JOIN ", ", "), right.node()), right);
  }

  private String comma(String join, String comma) {
    return last && draft.chance(50) ? comma : join;
  }

  /** A sub-query or function that sees what stands before it. */
  private From lateral(From left) {
    draft.uses(Construct.LATERAL);
    Scope before = new Scope(left.sources(), outer);
    if (draft.chance(45) || !draft.mayNest(depth)) {
      Relation function = relations.lateralFunction(taken, before);
      boolean optional = draft.chance(40);
      String join = optional ? " LEFT JOIN LATERAL " : comma(" CROSS JOIN LATERAL ", ", ");
      return left.and(
          Node.of(left.node(), join, function.node(), optional ? " ON true" : ""), function);
    }
    String qualifier = draft.name("l");
    taken.add(qualifier);
    Query query = grammar.queries().few(before, depth - 1);
    Relation relation =
        new Relation(
            Node.of("(", query.node(), ") AS ", draft.written(qualifier)),
            new Source(qualifier, query.columns(), List.of(), false));
    boolean optional = draft.chance(60);
    String join = optional ? " LEFT JOIN LATERAL " : comma(" CROSS JOIN LATERAL ", ", LATERAL ");
    return left.and(
        Node.of(left.node(), join, relation.node(), optional ? " ON TRUE" : ""), relation);
  }

  /** USING and NATURAL: {@code id} is what both tables have. */
  private From merged(From left) {
    Source source = left.sources().getFirst();
    boolean hasId = source.columns().stream().anyMatch(column -> column.name().equals("id"));
    if (!hasId || !source.table()) {
      return crossed(left);
    }
    Tables other = draft.pick(Tables.values());
    Relation right = relations.table(other, taken);
    if (right.source().columns().stream().noneMatch(column -> column.name().equals("id"))) {
      return left.and(
          Node.of(
              left.node(),
              " JOIN ",
              right.node(),
              " ON ",
              equality(left.sources(), List.of(right.source()))),
          right);
    }
    markSelfJoin(left, right.source());
    String join = draft.pick("", " LEFT", " FULL", " INNER");
    Node node =
        draft.chance(25, Construct.NATURAL_JOIN)
            ? Node.of(left.node(), " NATURAL", join, " JOIN ", right.node())
            : using(left, join, right);
    From both = left.and(node, right);
    return new From(both.node(), both.sources(), true);
  }

  private Node using(From left, String join, Relation right) {
    draft.uses(Construct.JOIN_USING);
    return Node.of(left.node(), join, " JOIN ", right.node(), " USING (id)");
  }

  private From nested(From left) {
    draft.uses(Construct.NESTED_JOIN);
    Relation first = relations.table(draft.pick(Tables.values()), taken);
    Relation second = relations.table(draft.pick(Tables.values()), taken);
    Node inner =
        Node.of(
            "(",
            first.node(),
            draft.pick(" JOIN ", " LEFT JOIN ", " RIGHT JOIN "),
            second.node(),
            " ON ",
            equality(List.of(first.source()), List.of(second.source())),
            ")");
    List<Source> both = List.of(first.source(), second.source());
    Node on = equality(left.sources(), both);
    Node node = Node.of(left.node(), draft.pick(" LEFT JOIN ", " JOIN "), inner, " ON ", on);
    return left.and(node, first).and(node, second);
  }
}
