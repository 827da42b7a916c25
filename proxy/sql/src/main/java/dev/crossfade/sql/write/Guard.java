package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableShape.Check;
import dev.crossfade.sql.lens.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes rows that the client's table would refuse fail with the SQLSTATE that it would give, also
 * where the stored tables would take them: the first key column of a row with a NULL that must not
 * be becomes NULL (23502), and of one that breaks a CHECK a number that a domain of the standard's
 * information schema refuses (23514).
 */
final class Guard {
  private Guard() {}

  /**
   * {@code SELECT}, with the table's columns in its order, from rows called crossfade_given.
   *
   * @param rows a table or a query in parentheses with the table's columns; not constants, which
   *     the server would try in advance
   */
  static String select(WriteTarget target, String rows) {
    String first = target.key().getFirst();
    String list =
        target.shape().columns().stream()
            .map(column -> column.name().equals(first) ? key(target, column) : name(column))
            .collect(Collectors.joining(", "));
    return "SELECT " + list + " FROM " + rows + " AS crossfade_given";
  }

  private static String name(ColumnShape column) {
    return "crossfade_given." + Sql.quote(column.name());
  }

  private static String key(WriteTarget target, ColumnShape key) {
    List<String> refusals = new ArrayList<>();
    String missing =
        target.shape().columns().stream()
            .filter(column -> !column.nullable() && !target.key().contains(column.name()))
            .map(column -> name(column) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    if (!missing.isEmpty()) {
      refusals.add(" WHEN " + missing + " THEN NULL");
    }
    for (Check check : target.shape().rules().checks()) {
      refusals.add(" WHEN (" + check.expression() + ") IS FALSE THEN " + broken(key));
    }
    return refusals.isEmpty()
        ? name(key)
        : "CASE"
            + String.join("", refusals)
            + (" ELSE " + name(key) + " END AS " + Sql.quote(key.name()));
  }

  private static String broken(ColumnShape key) {
    String negative = "-1 - coalesce(length(CAST(" + name(key) + " AS text)), 0)";
    return "CAST(CAST(CAST("
        + negative
        + " AS information_schema.cardinal_number) AS text) AS "
        + key.type()
        + ")";
  }
}
