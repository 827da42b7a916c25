package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.MigrationFile.MappedQuery;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.Problem;
import dev.crossfade.sql.yaml.SourceText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A query that is being put together: it gives the rows of one table. */
final class Draft {
  private static final String REST = " /* and every other column, as it is */";

  private final Target target;
  private final List<Problem> problems;
  private final Map<String, SourceText> values = new LinkedHashMap<>();
  private final List<String> key = new ArrayList<>();
  private final StringBuilder from = new StringBuilder();
  private final List<String> conditions = new ArrayList<>();

  /**
   * The table whose rows it gives.
   *
   * @param alias what queries over it call it
   * @param shape null when no database was asked
   * @param open whether the file need not name all of its columns
   */
  record Target(
      TableName table, String alias, @Nullable TableShape shape, boolean open, Place place) {}

  Draft(Target target, List<Problem> problems) {
    this.target = target;
    this.problems = problems;
  }

  TableName table() {
    return target.table();
  }

  /** What queries over the table call it. */
  String alias() {
    return target.alias();
  }

  Place place() {
    return target.place();
  }

  @Nullable TableShape shape() {
    return target.shape();
  }

  /** Its type; null when no database was asked, or when it has no such column. */
  @Nullable String type(String column) {
    TableShape shape = target.shape();
    return shape == null ? null : shape.column(column).map(ColumnShape::type).orElse(null);
  }

  /** Whether a database said that a column may not be NULL. */
  boolean isRequired(String column) {
    TableShape shape = target.shape();
    return shape != null && shape.column(column).filter(found -> !found.nullable()).isPresent();
  }

  boolean mayHave(String column) {
    TableShape shape = target.shape();
    return shape == null || shape.column(column).isPresent();
  }

  String columnNames() {
    TableShape shape = target.shape();
    return shape == null
        ? "none"
        : String.join(", ", shape.columns().stream().map(ColumnShape::name).toList());
  }

  /** One of its columns, in a query over it. */
  String column(String name) {
    return Sql.quote(target.alias()) + '.' + Sql.quote(name);
  }

  /** The table itself, in the FROM of a query over it. */
  String reference() {
    return reference(target.alias());
  }

  String reference(String alias) {
    return Sql.quote(target.table()) + " AS " + Sql.quote(alias);
  }

  /** Says what a column holds; a column that holds something already is a problem. */
  void fill(String column, SourceText value, Place where) {
    if (!mayHave(column)) {
      problems.add(
          where.problem(table() + " has no column " + column + "; it has " + columnNames()));
    } else if (values.putIfAbsent(column, value) != null) {
      problems.add(
          where.problem(
              "column "
                  + column
                  + " of "
                  + table()
                  + " is filled from two columns; give one of them another name"));
    }
  }

  /** What a column holds; null when nothing was said. */
  @Nullable SourceText value(String column) {
    return values.get(column);
  }

  /** Says which of its columns hold the entity's key, in key order. */
  void key(List<String> columns) {
    key.clear();
    key.addAll(columns);
  }

  /** Adds to what stands behind FROM. */
  void from(String sql) {
    from.append(from.isEmpty() ? "" : " ").append(sql);
  }

  /** Leaves out rows for which this does not hold. */
  void where(String condition) {
    conditions.add(condition);
  }

  /** Notes each column that has no value and needs one. */
  void checkUp(String advice) {
    TableShape shape = target.shape();
    if (shape == null) {
      return;
    }
    for (ColumnShape column : shape.columns()) {
      if (!column.nullable() && !values.containsKey(column.name())) {
        problems.add(
            place()
                .problem(
                    "column "
                        + column.name()
                        + " of "
                        + table()
                        + " is filled from nothing; "
                        + advice));
      }
    }
  }

  MappedQuery query() {
    ComposedText query = new ComposedText(place()).add("SELECT ");
    String separator = "";
    for (String column : order()) {
      SourceText value = values.get(column);
      if (value != null) {
        query.add(separator).add(value).add(" AS " + Sql.quote(column));
        separator = ", ";
      }
    }
    query.add(isWhole() ? "" : REST).add(" FROM " + from);
    if (!conditions.isEmpty()) {
      query.add(" WHERE " + String.join(" AND ", conditions));
    }
    return new MappedQuery(table(), key, query, place());
  }

  /** Whether rows come from anywhere: another entry of the file may fill this table. */
  boolean isFilled() {
    return !from.isEmpty();
  }

  /** Whether nothing but the file is needed to know its columns. */
  boolean isWhole() {
    return target.shape() != null || !target.open();
  }

  private List<String> order() {
    TableShape shape = target.shape();
    return shape == null
        ? List.copyOf(values.keySet())
        : shape.columns().stream().map(ColumnShape::name).toList();
  }
}
