package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.WriteOutline.Assignment;
import dev.crossfade.sql.parse.WriteOutline.Cell;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a SET, each converted to its column's type. */
final class Assignments {
  private final Request request;
  private final Map<String, SqlText> values = new LinkedHashMap<>();
  private final List<SqlText> queries = new ArrayList<>();

  /**
   * @throws RefusedException when a column is not there, or its default can not be had
   */
  Assignments(Request request, List<Assignment> set) throws RefusedException {
    this.request = request;
    for (Assignment assignment : set) {
      switch (assignment) {
        case Assignment.Values(List<String> columns, List<Cell> cells) -> {
          if (columns.size() != cells.size()) {
            throw request.refuse("a row that is not written out is assigned to columns");
          }
          for (int i = 0; i < columns.size(); i++) {
            ColumnShape column = request.column(columns.get(i));
            values.put(column.name(), value(column, cells.get(i)));
          }
        }
        case Assignment.Query query -> query(query);
      }
    }
    if (setsAnyOf(request.target().entity())) {
      checkKeyIsNotFixed();
    }
  }

  /**
   * Another row with the new key would not be the one that others refer to; and where an entity has
   * more rows, those of the new key would have to be locked before it is known.
   */
  private void checkKeyIsNotFixed() throws RefusedException {
    if (request.target().sharesEntities()) {
      throw request.refuse("a key of an entity that has rows of other tables or keys, too");
    }
    for (Store store : request.target().stores()) {
      for (String name : store.key()) {
        ColumnShape column = store.table().shape().column(name).orElseThrow();
        if (column.filling() instanceof Filling.Identity(boolean always) && always) {
          throw request.refuse("column " + name + " of " + store.name() + " can not be changed");
        }
      }
    }
  }

  /** Of the column's type. */
  private SqlText value(ColumnShape column, Cell cell) throws RefusedException {
    return value(request, column, cell);
  }

  static SqlText value(Request request, ColumnShape column, Cell cell) throws RefusedException {
    if (cell.span() == null) {
      int token = request.outline().target().token();
      return request.text().add(request.defaults().of(column, token));
    }
    if (column.filling() instanceof Filling.Identity(boolean always) && always) {
      throw request.refuse("column " + column.name() + " can only be set to DEFAULT");
    }
    return Coercion.to(column.type()).of(request.text(), request.text().add(cell.span()));
  }

  /** Gives one row in any case; more than one fails as a sub-query in an expression does. */
  private void query(Assignment.Query assignment) throws RefusedException {
    String name = "crossfade_query_" + (queries.size() + 1);
    List<String> columns = new ArrayList<>();
    for (String column : assignment.columns()) {
      ColumnShape shape = request.column(column);
      String given = "v" + (columns.size() + 1);
      columns.add(given);
      SqlText value = request.text().add(name + "." + given);
      values.put(column, Coercion.to(shape.type()).of(request.text(), value));
    }
    queries.add(
        request
            .text()
            .add(", LATERAL (SELECT w.*, (SELECT i FROM pg_catalog.generate_series(1, w.n) AS i)")
            .add(" AS " + name + " FROM (SELECT q.*, count(*) OVER () AS n FROM (VALUES (1)) AS o")
            .add(" LEFT JOIN LATERAL ")
            .add(assignment.query())
            .add(" AS q(" + String.join(", ", columns) + ") ON true) AS w) AS " + name));
  }

  boolean sets(String column) {
    return values.containsKey(column);
  }

  /** What a column becomes; null when it stays. */
  @Nullable SqlText of(String column) {
    return values.get(column);
  }

  boolean setsAnyOf(List<String> columns) {
    return columns.stream().anyMatch(this::sets);
  }

  /** Items of a FROM, each behind a comma. */
  SqlText items() {
    SqlText items = request.text();
    queries.forEach(items::add);
    return items;
  }

  /** Elements of a select list, each behind a comma: the values as {@code prefix} and a number. */
  SqlText selected(String prefix) {
    SqlText list = request.text();
    int number = 0;
    for (ColumnShape column : request.columns()) {
      number++;
      SqlText value = values.get(column.name());
      if (value != null) {
        list.add(", ").add(value).add(" AS " + prefix + number);
      }
    }
    for (int query = 1; query <= queries.size(); query++) {
      String name = "crossfade_query_" + query;
      list.add(", " + name + "." + name);
    }
    return list;
  }

  /**
   * The table's columns by their names, as {@link #selected} and {@link #untouched} called them.
   */
  String changed(String prefix, String untouched) {
    List<String> columns = new ArrayList<>();
    int number = 0;
    for (ColumnShape column : request.columns()) {
      number++;
      columns.add(
          (sets(column.name()) ? prefix : untouched) + number + " AS " + Sql.quote(column.name()));
    }
    return String.join(", ", columns);
  }

  /**
   * Which keys become which, as a query of a WITH behind a comma; empty when no key changes.
   *
   * @param rows whose columns are called as {@link #changed} says
   */
  String moved(String prefix, String untouched, String rows) {
    List<String> entity = request.target().entity();
    if (!setsAnyOf(entity)) {
      return "";
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < entity.size(); i++) {
      String name = entity.get(i);
      int number = request.names().indexOf(name) + 1;
      columns.add(untouched + number + " AS o" + (i + 1));
      columns.add((sets(name) ? prefix : untouched) + number + " AS n" + (i + 1));
    }
    String list = String.join(", ", columns);
    return ", " + Effect.MOVED + " AS (SELECT " + list + " FROM " + rows + ")";
  }

  /** The target's own columns as {@code prefix} and a number. */
  static String untouched(Request request, String prefix) {
    List<String> columns = new ArrayList<>();
    for (String name : request.names()) {
      columns.add(request.alias() + "." + Sql.quote(name) + " AS " + prefix + (columns.size() + 1));
    }
    return String.join(", ", columns);
  }

  /** The table's columns by their names, as {@link #untouched} called them. */
  static String renamed(Request request, String prefix) {
    List<String> columns = new ArrayList<>();
    for (String name : request.names()) {
      columns.add(prefix + (columns.size() + 1) + " AS " + Sql.quote(name));
    }
    return String.join(", ", columns);
  }
}
