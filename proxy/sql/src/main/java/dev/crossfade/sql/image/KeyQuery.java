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
 * @param first parameter: how many
 * @param next parameters: for each column the last key before, as text; how many
 * @param columns of the key
 */
public record KeyQuery(String first, String next, int columns) {
  /**
   * @param entity the table's columns that are the key
   * @param types of these columns, as SQL text
   */
  static KeyQuery of(TableName table, List<String> entity, List<String> types) {
    return new KeyQuery(
        sql(table, entity, ""), sql(table, entity, after(entity, types)), entity.size());
  }

  private static String sql(TableName table, List<String> entity, String after) {
    return "SELECT "
        + list(entity.size(), i -> "CAST(k.k" + i + " AS text)")
        + " FROM (SELECT DISTINCT "
        + list(entity.size(), i -> "r." + Sql.quote(entity.get(i - 1)) + " AS k" + i)
        + " FROM "
        + Sql.quote(table)
        + " AS r WHERE "
        + entity.stream()
            .map(column -> "r." + Sql.quote(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "))
        + after
        + " ORDER BY "
        + list(entity.size(), String::valueOf)
        + " LIMIT ?) AS k ORDER BY "
        + list(entity.size(), i -> "k.k" + i);
  }

  private static String after(List<String> entity, List<String> types) {
    return " AND ("
        + list(entity.size(), i -> "r." + Sql.quote(entity.get(i - 1)))
        + ") > ("
        + list(entity.size(), i -> "CAST(CAST(? AS text) AS " + types.get(i - 1) + ')')
        + ')';
  }

  private static String list(int count, IntFunction<String> each) {
    return IntStream.rangeClosed(1, count).mapToObj(each).collect(Collectors.joining(", "));
  }
}
