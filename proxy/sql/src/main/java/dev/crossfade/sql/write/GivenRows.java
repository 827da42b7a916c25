package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Cell;
import dev.crossfade.sql.parse.WriteOutline.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of an INSERT as the table's columns, each of its type, defaults filled in: the query
 * {@code crossfade_given} of a WITH.
 */
final class GivenRows {
  private final Request request;
  private final WriteOutline.Insert insert;
  private final List<String> named;

  /** Whether numbers are taken from sequences; without, their columns are NULL. */
  private final boolean numbered;

  GivenRows(Request request, WriteOutline.Insert insert, boolean numbered) {
    this.request = request;
    this.insert = insert;
    this.named = insert.columns().isEmpty() ? request.names() : insert.columns();
    this.numbered = numbered;
  }

  /** Whether the statement itself says what these columns hold. */
  static boolean names(Request request, WriteOutline.Insert insert, List<String> columns) {
    List<String> named = insert.columns().isEmpty() ? request.names() : insert.columns();
    return !(insert.source() instanceof Source.Defaults) && named.containsAll(columns);
  }

  /** One or two queries of a WITH, without a comma in front or behind. */
  SqlText queries() throws RefusedException {
    for (String column : named) {
      request.column(column);
    }
    return switch (insert.source()) {
      case Source.Rows(List<List<Cell>> rows) -> rows(rows);
      case Source.Query(WriteOutline.Span span) -> query(span);
      case Source.Defaults() -> rows(List.of(List.of()));
    };
  }

  private SqlText head() {
    return request
        .text()
        .add("crossfade_given (" + Effect.columns("", request.names()) + ") AS MATERIALIZED (");
  }

  private SqlText rows(List<List<Cell>> rows) throws RefusedException {
    SqlText sql = head().add("VALUES ");
    String separator = "(";
    for (List<Cell> row : rows) {
      if (row.size() > named.size()) {
        throw request.refuse("more values than columns");
      }
      for (ColumnShape column : request.columns()) {
        int position = named.indexOf(column.name());
        boolean given = position >= 0 && position < row.size();
        Cell cell = given ? row.get(position) : new Cell(null);
        sql.add(separator).add(value(column, cell));
        separator = ", ";
      }
      sql.add(")");
      separator = ", (";
    }
    return sql.add(")");
  }

  private SqlText value(ColumnShape column, Cell cell) throws RefusedException {
    boolean next = cell.span() == null && Defaults.isNumbered(column);
    return next && !numbered
        ? request.text().add("CAST(NULL AS " + column.type() + ")")
        : Assignments.value(request, column, cell);
  }

  private SqlText query(WriteOutline.Span span) throws RefusedException {
    List<String> inputs = new ArrayList<>();
    for (String name : named) {
      inputs.add(Sql.quote(name));
    }
    SqlText sql =
        request
            .text()
            .add("crossfade_input (" + String.join(", ", inputs) + ") AS MATERIALIZED (")
            .add(span)
            .add("), ")
            .add(head())
            .add("SELECT ");
    String separator = "";
    for (ColumnShape column : request.columns()) {
      sql.add(separator);
      separator = ", ";
      if (named.contains(column.name())) {
        if (column.filling() instanceof Filling.Identity(boolean always) && always) {
          throw request.refuse("column " + column.name() + " can only be set to DEFAULT");
        }
        SqlText input = request.text().add("i." + Sql.quote(column.name()));
        sql.add(Coercion.to(column.type()).of(request.text(), input));
      } else {
        sql.add(value(column, new Cell(null)));
      }
    }
    return sql.add(" FROM crossfade_input AS i)");
  }
}
