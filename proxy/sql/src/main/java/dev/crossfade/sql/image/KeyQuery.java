package dev.crossfade.sql.image;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The entity keys of a table in their order, as text, each once.
 *
 * @param table whose they are
 * @param last the greatest key; no parameters
 * @param first parameters: the greatest key wanted; how many
 * @param next parameters: the last key before; the greatest key wanted; how many
 * @param entity the table's columns that are the key; each key is a parameter for each of them
 */
public record KeyQuery(
    TableName table, String last, String first, String next, List<String> entity) {
  public KeyQuery {
    entity = List.copyOf(entity);
  }

  /**
   * @param entity the table's columns that are the key
   * @param types of these columns, as SQL text
   */
  static KeyQuery of(TableName table, List<String> entity, List<String> types) {
    String upTo = compared(entity, types, "<=");
    return new KeyQuery(
        table,
        sql(table, entity, "", " DESC", "1"),
        sql(table, entity, upTo, "", "?"),
        sql(table, entity, compared(entity, types, ">") + upTo, "", "?"),
        entity);
  }

  /** How many texts a key is. */
  public int columns() {
    return entity.size();
  }

  /**
   * One key of a range, no parameters; no row when the range has not that many.
   *
   * @param position from 0, in the order of the keys
   */
  public String at(EntityCondition range, int position) {
    return sql(table, entity, " AND " + range.on(entity), "", "1 OFFSET " + position);
  }

  private static String sql(
      TableName table, List<String> entity, String condition, String order, String most) {
    int columns = entity.size();
    return "SELECT "
        + list(columns, i -> "CAST(k.k" + i + " AS text)")
        + " FROM (SELECT DISTINCT "
        + list(columns, i -> "r." + Sql.quote(entity.get(i - 1)) + " AS k" + i)
        + " FROM "
        + Sql.quote(table)
        + " AS r WHERE "
        + entity.stream()
            .map(column -> "r." + Sql.quote(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "))
        + condition
        + " ORDER BY "
        + list(columns, i -> i + order)
        + " LIMIT "
        + most
        + ") AS k ORDER BY "
        + list(columns, i -> "k.k" + i);
  }

  private static String compared(List<String> entity, List<String> types, String operator) {
    return " AND ("
        + list(entity.size(), i -> "r." + Sql.quote(entity.get(i - 1)))
        + ") "
        + operator
        + " ("
        + list(entity.size(), i -> "CAST(CAST(? AS text) AS " + types.get(i - 1) + ')')
        + ')';
  }

  private static String list(int count, IntFunction<String> each) {
    return IntStream.rangeClosed(1, count).mapToObj(each).collect(Collectors.joining(", "));
  }
}
