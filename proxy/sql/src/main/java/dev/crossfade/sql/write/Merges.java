package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Cell;
import dev.crossfade.sql.parse.WriteOutline.Clause;
import dev.crossfade.sql.parse.WriteOutline.MergeAction;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * MERGE. Every pair of source and target row is given the number of the clause that fits it; the
 * values of a clause are computed for its own rows only.
 */
final class Merges {
  private static final String ACTION = "crossfade_choice.crossfade_action";

  private final Request request;
  private final WriteOutline.Merge merge;

  /** What each clause gives, by its place; null where it gives nothing new. */
  private final List<@Nullable List<@Nullable SqlText>> values = new ArrayList<>();

  private Merges(Request request, WriteOutline.Merge merge) {
    this.request = request;
    this.merge = merge;
  }

  static WriteTranslation merge(Request request, WriteOutline.Merge merge) throws RefusedException {
    if (merge.returning() != null) {
      throw request.refuse("MERGE with RETURNING");
    }
    return new Merges(request, merge).translate();
  }

  private WriteTranslation translate() throws RefusedException {
    for (Clause clause : merge.clauses()) {
      if (clause.action() instanceof MergeAction.Insert && request.target().sharesEntities()) {
        throw request.refuse("MERGE that inserts into an entity that has other rows, too");
      }
      values.add(
          switch (clause.action()) {
            case MergeAction.Update(var set) -> updated(new Assignments(request, set));
            case MergeAction.Insert insert -> inserted(insert);
            case MergeAction.Delete() -> null;
            case MergeAction.Nothing() -> null;
          });
    }
    SqlText on = request.text().addCondition(" WHERE ", merge.on());
    SqlText from = request.from(merge.using());
    SqlText lock = Locking.statement(request, from, on, Locking.Strength.UPDATE);
    SqlText write = request.with().add("crossfade_hit AS MATERIALIZED (").add(hit()).add(")");
    String changed = numbers(true);
    boolean before = !changed.isEmpty();
    if (before) {
      write.add(", " + Effect.BEFORE + " AS (SELECT " + Assignments.renamed(request, "b"));
      write.add(" FROM crossfade_hit WHERE crossfade_action IN (" + changed);
      // A row may not be affected twice; the server's own error is that of a sub-query, too.
      write.add(") AND (SELECT i FROM pg_catalog.generate_series(1, crossfade_n) AS i) = 1)");
    }
    String after = after();
    if (!after.isEmpty()) {
      write.add(", " + Effect.AFTER + " AS (");
      write.add(Guard.select(request.target(), "(" + after + ")") + ")");
    }
    if (before || !after.isEmpty()) {
      String moved = moved();
      write.add(moved);
      write.add(new Effect(request.target(), before, !after.isEmpty(), !moved.isEmpty()).queries());
    }
    String all = numbers(false);
    write.add(" SELECT count(*) FROM crossfade_hit WHERE crossfade_action IN (");
    write.add((all.isEmpty() ? "0" : all) + ")");
    return WriteTranslation.of(
        new Answer.Count("MERGE"),
        lock.build(request.tokenCount()),
        write.build(request.tokenCount()));
  }

  private List<@Nullable SqlText> updated(Assignments set) {
    List<@Nullable SqlText> columns = new ArrayList<>();
    request.names().forEach(name -> columns.add(set.of(name)));
    return columns;
  }

  private List<@Nullable SqlText> inserted(MergeAction.Insert insert) throws RefusedException {
    List<String> named = insert.columns().isEmpty() ? request.names() : insert.columns();
    List<Cell> cells = insert.values();
    if (cells.size() > named.size()) {
      throw request.refuse("more values than columns");
    }
    List<@Nullable SqlText> columns = new ArrayList<>();
    for (ColumnShape column : request.columns()) {
      int position = named.indexOf(column.name());
      boolean given = position >= 0 && position < cells.size();
      Cell cell = given ? cells.get(position) : new Cell(null);
      columns.add(Assignments.value(request, column, cell));
    }
    return columns;
  }

  private SqlText hit() {
    String key = Effect.columns(request.alias() + ".", request.target().key());
    String changed = numbers(true);
    SqlText hit = request.text().add("SELECT " + Assignments.untouched(request, "b"));
    hit.add(", " + ACTION + ", count(*) OVER (PARTITION BY " + key + ", ");
    hit.add(ACTION + " IN (" + (changed.isEmpty() ? "0" : changed) + ")) AS crossfade_n");
    for (int clause = 0; clause < values.size(); clause++) {
      List<@Nullable SqlText> columns = values.get(clause);
      for (int column = 0; columns != null && column < columns.size(); column++) {
        SqlText value = columns.get(column);
        if (value != null) {
          hit.add(", CASE WHEN " + ACTION + " = " + (clause + 1) + " THEN ").add(value);
          hit.add(" END AS " + name(clause, column));
        }
      }
    }
    hit.add(" FROM ").add(merge.using().items()).add(" LEFT JOIN ").add(request.from(null));
    // A row that came after the others were locked is not held, and not matched.
    hit.add(" ON (").add(merge.on()).add(") AND " + Locking.isNoted(request));
    hit.add(" CROSS JOIN LATERAL (SELECT CASE");
    String there = request.alias() + "." + Sql.quote(request.target().key().getFirst());
    for (int clause = 0; clause < values.size(); clause++) {
      Clause when = merge.clauses().get(clause);
      hit.add(" WHEN " + there + (when.matched() ? " IS NOT NULL" : " IS NULL"));
      hit.addCondition(" AND ", when.condition()).add(" THEN " + (clause + 1));
    }
    return hit.add(" END AS crossfade_action) AS crossfade_choice");
  }

  private static String name(int clause, int column) {
    return "s" + (clause + 1) + "_" + (column + 1);
  }

  /** The numbers of the clauses that do something, with commas. */
  private String numbers(boolean toRowsThatAreThere) {
    List<String> numbers = new ArrayList<>();
    for (int clause = 0; clause < merge.clauses().size(); clause++) {
      boolean counts =
          switch (merge.clauses().get(clause).action()) {
            case MergeAction.Nothing() -> false;
            case MergeAction.Insert insert -> !toRowsThatAreThere;
            case MergeAction.Update update -> true;
            case MergeAction.Delete() -> true;
          };
      if (counts) {
        numbers.add(Integer.toString(clause + 1));
      }
    }
    return String.join(", ", numbers);
  }

  /** Which keys become which, behind a comma; empty when no clause changes a key. */
  private String moved() {
    List<String> parts = new ArrayList<>();
    boolean changes = false;
    for (int clause = 0; clause < values.size(); clause++) {
      List<@Nullable SqlText> columns = values.get(clause);
      if (columns != null && merge.clauses().get(clause).action() instanceof MergeAction.Update) {
        List<String> keys = new ArrayList<>();
        for (String name : request.target().entity()) {
          int column = request.names().indexOf(name);
          boolean given = columns.get(column) != null;
          changes |= given;
          int position = keys.size() / 2 + 1;
          keys.add("b" + (column + 1) + " AS o" + position);
          keys.add((given ? name(clause, column) : "b" + (column + 1)) + " AS n" + position);
        }
        parts.add(
            "SELECT "
                + String.join(", ", keys)
                + (" FROM crossfade_hit WHERE crossfade_action = " + (clause + 1)));
      }
    }
    return changes ? ", " + Effect.MOVED + " AS (" + String.join(" UNION ALL ", parts) + ")" : "";
  }

  private String after() {
    List<String> parts = new ArrayList<>();
    for (int clause = 0; clause < values.size(); clause++) {
      List<@Nullable SqlText> columns = values.get(clause);
      if (columns == null) {
        continue;
      }
      List<String> names = new ArrayList<>();
      for (int column = 0; column < columns.size(); column++) {
        String from = columns.get(column) == null ? "b" + (column + 1) : name(clause, column);
        names.add(from + " AS " + Sql.quote(request.names().get(column)));
      }
      parts.add(
          names.stream().collect(Collectors.joining(", ", "SELECT ", ""))
              + (" FROM crossfade_hit WHERE crossfade_action = " + (clause + 1)));
    }
    return String.join(" UNION ALL ", parts);
  }
}
