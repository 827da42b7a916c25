package dev.crossfade.sql.image;

import dev.crossfade.sql.lens.Sql;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which entities a query is about. */
@FunctionalInterface
public interface EntityCondition {
  /**
   * A condition on a table's rows.
   *
   * @param entity the table's columns that are the key
   */
  String on(List<String> entity);

  /** Whether all servers order keys of these types alike: texts follow each server's own rules. */
  static boolean isOrderedAlike(List<String> types) {
    return types.stream()
        .map(type -> type.replaceAll("\\([^)]*\\)", ""))
        .allMatch(
            Set.of(
                    "smallint",
                    "integer",
                    "bigint",
                    "numeric",
                    "uuid",
                    "date",
                    "timestamp without time zone",
                    "timestamp with time zone")
                ::contains);
  }

  /**
   * Those behind a key and up to another one.
   *
   * @param after null when there is no beginning
   * @param upTo null when there is no end
   */
  static EntityCondition range(
      @Nullable List<String> after, @Nullable List<String> upTo, List<String> types) {
    return entity -> {
      StringBuilder sql = new StringBuilder("true");
      if (after != null) {
        sql.append(" AND ").append(names(entity)).append(" > ").append(values(after, types));
      }
      if (upTo != null) {
        sql.append(" AND ").append(names(entity)).append(" <= ").append(values(upTo, types));
      }
      return sql.toString();
    };
  }

  /** These. */
  static EntityCondition of(List<List<String>> keys, List<String> types) {
    if (types.size() == 1) {
      String array =
          keys.stream().map(key -> literal(key.getFirst())).collect(Collectors.joining(", "));
      return entity ->
          Sql.quote(entity.getFirst())
              + " = ANY (ARRAY["
              + array
              + "]::"
              + types.getFirst()
              + "[])";
    }
    String rows =
        keys.stream().map(key -> values(key, types)).collect(Collectors.joining(", ", "(", ")"));
    return entity -> names(entity) + " IN " + rows;
  }

  private static String names(List<String> entity) {
    return '(' + list(entity.size(), i -> Sql.quote(entity.get(i))) + ')';
  }

  private static String values(List<String> key, List<String> types) {
    return '('
        + list(key.size(), i -> "CAST(" + literal(key.get(i)) + " AS " + types.get(i) + ')')
        + ')';
  }

  private static String literal(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  private static String list(int count, IntFunction<String> each) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(", "));
  }
}
