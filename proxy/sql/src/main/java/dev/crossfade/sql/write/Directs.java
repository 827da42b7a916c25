package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Assignment;
import dev.crossfade.sql.parse.WriteOutline.Cell;
import dev.crossfade.sql.parse.WriteOutline.Change;
import dev.crossfade.sql.parse.WriteOutline.Conflict;
import dev.crossfade.sql.parse.WriteOutline.Source;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * INSERT, UPDATE and DELETE of a table that is stored as it is: the client's statement with the
 * stored table's names. It reads no other table, so that a name can mean one column only; what is
 * not certain to mean the same there is left to the general way.
 */
final class Directs {
  private final Request request;
  private final Renaming renaming;
  private final RenamedNames names;
  private final SqlText empty;

  private Directs(Request request, Renaming renaming, RenamedNames names, List<Splice> splices) {
    this.request = request;
    this.renaming = renaming;
    this.names = names;
    this.empty = new SqlText(splices);
  }

  /** Empty when it has to go the general way. */
  static Optional<WriteTranslation> translate(Request request, StatementOutline outline)
      throws RefusedException {
    Renaming renaming = request.target().renaming();
    if (renaming == null || request.outline().with() != null || !outline.tables().isEmpty()) {
      return Optional.empty();
    }
    boolean excludes =
        request.outline() instanceof WriteOutline.Insert insert && insert.conflict() != null;
    RenamedNames names =
        new RenamedNames(
            request.tokens(), renaming, request.outline().target().qualifier(), excludes);
    List<Splice> splices = names.splices(outline.columns(), false);
    if (splices == null || names.hasQueries()) {
      return Optional.empty();
    }
    SqlText sql = new Directs(request, renaming, names, splices).statement();
    return Optional.ofNullable(sql)
        .map(text -> WriteTranslation.of(new Answer.AsItIs(), text.build(request.tokenCount())));
  }

  /** Null when it is not certain. */
  private @Nullable SqlText statement() throws RefusedException {
    String target = renaming.stored() + " AS " + request.alias();
    SqlText sql =
        switch (request.outline()) {
          case WriteOutline.Insert insert -> insert(insert, target);
          case WriteOutline.Update update when update.from() == null -> {
            SqlText set = set(update.change());
            yield set == null ? null : text().add("UPDATE " + target).add(set);
          }
          case WriteOutline.Delete delete when delete.using() == null ->
              text().add("DELETE FROM " + target).addCondition(" WHERE ", delete.where());
          case WriteOutline.Update ignored -> null;
          case WriteOutline.Delete ignored -> null;
          case WriteOutline.Merge ignored -> null;
        };
    Span returning = request.outline().returning();
    if (sql == null || returning == null) {
      return sql;
    }
    SqlText list = names.selected(returning, request.names(), empty);
    return list == null ? null : sql.add(" RETURNING ").add(list);
  }

  private SqlText text() {
    return empty.piece();
  }

  /** SET and WHERE, with a blank in front. */
  private @Nullable SqlText set(Change change) throws RefusedException {
    SqlText sql = text();
    String separator = " SET ";
    for (Assignment assignment : change.set()) {
      if (!(assignment instanceof Assignment.Values(List<String> columns, List<Cell> cells))
          || columns.size() != cells.size()) {
        return null;
      }
      for (int i = 0; i < columns.size(); i++) {
        String column = renaming.column(columns.get(i));
        if (column == null) {
          return null;
        }
        sql.add(separator + column + " = ").add(value(columns.get(i), cells.get(i)));
        separator = ", ";
      }
    }
    return sql.addCondition(" WHERE ", change.where());
  }

  private SqlText value(String name, Cell cell) throws RefusedException {
    Span span = cell.span();
    if (span != null) {
      return text().add(span);
    }
    int token = request.outline().target().token();
    return text()
        .add(
            renaming.filled().contains(name)
                ? "DEFAULT"
                : request.defaults().of(request.column(name), token));
  }

  private @Nullable SqlText insert(WriteOutline.Insert insert, String target)
      throws RefusedException {
    if (insert.overriding() || insert.source() instanceof Source.Query) {
      return null;
    }
    List<List<Cell>> rows =
        insert.source() instanceof Source.Rows(List<List<Cell>> given) ? given : List.of(List.of());
    int width = rows.getFirst().size();
    boolean listed = !insert.columns().isEmpty();
    List<String> named = listed ? insert.columns() : request.names();
    boolean fits =
        rows.stream().allMatch(row -> row.size() == width)
            && (listed && width > 0 ? width == named.size() : width <= named.size())
            && new HashSet<>(named).size() == named.size()
            && request.names().containsAll(named);
    if (!fits) {
      return null;
    }
    List<String> columns = new ArrayList<>(named.subList(0, width));
    for (ColumnShape column : request.columns()) {
      boolean differs = !renaming.filled().contains(column.name());
      if (!columns.contains(column.name()) && (differs || width == 0)) {
        columns.add(column.name());
      }
    }
    SqlText sql = text().add("INSERT INTO " + target + " (" + list(columns) + ") VALUES ");
    String separator = "(";
    for (List<Cell> row : rows) {
      for (int i = 0; i < columns.size(); i++) {
        Cell cell = i < width ? row.get(i) : new Cell(null);
        sql.add(separator).add(value(columns.get(i), cell));
        separator = ", ";
      }
      separator = "), (";
    }
    Conflict conflict = insert.conflict();
    return conflict == null ? sql.add(")") : conflict(conflict, sql.add(")"));
  }

  private String list(List<String> columns) {
    return columns.stream()
        .map(column -> String.valueOf(renaming.column(column)))
        .collect(Collectors.joining(", "));
  }

  private @Nullable SqlText conflict(Conflict conflict, SqlText sql) throws RefusedException {
    List<String> arbiter = conflict.columns();
    if (conflict.constraint() != null) {
      arbiter =
          request.target().shape().rules().uniqueKeys().stream()
              .filter(key -> key.name().equals(conflict.constraint()))
              .map(UniqueKey::columns)
              .findFirst()
              .orElse(null);
    }
    if (conflict.predicate() || arbiter == null || !request.names().containsAll(arbiter)) {
      return null;
    }
    sql.add(" ON CONFLICT" + (arbiter.isEmpty() ? "" : " (" + list(arbiter) + ")"));
    if (conflict.update() == null) {
      return sql.add(" DO NOTHING");
    }
    SqlText set = set(conflict.update());
    return set == null ? null : sql.add(" DO UPDATE").add(set);
  }
}
