package dev.crossfade.sql.image;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Entity keys as parameters: for each column of the key one {@code text[]}, all of the same length.
 *
 * @param types of the key's columns on the side that has the authority, as SQL text
 */
public record KeySql(List<String> types) {
  /** The name under which a statement's keys are known to its sub-queries. */
  private static final String NAME = "crossfade_keys";

  public KeySql {
    types = List.copyOf(types);
  }

  /** Whether values of a type are equal only when their texts are. */
  public static boolean isExact(String type) {
    return TableSync.EXACT.contains(type);
  }

  /**
   * Locks the rows of the entities, so that a transaction whose snapshot is fixed fails where one
   * of them was changed since; parameters: the entity keys.
   *
   * @param entity the table's columns that are the key
   */
  public String share(TableName table, List<String> entity) {
    return "WITH "
        + common()
        + " SELECT FROM "
        + Sql.quote(table)
        + " WHERE "
        + condition("", entity)
        + " FOR SHARE";
  }

  int columns() {
    return types.size();
  }

  /** The beginning of a statement that has the keys as its first parameters, without WITH. */
  String common() {
    return IntStream.range(0, columns())
        .mapToObj(i -> "CAST(CAST(? AS text[]) AS " + types.get(i) + "[]) AS k" + (i + 1))
        .collect(Collectors.joining(", ", NAME + " AS MATERIALIZED (SELECT ", ")"));
  }

  /**
   * A condition that holds for the rows of the entities. An array and no sub-query where that is
   * possible, for an index answers it.
   *
   * @param entity the table's columns that are the key
   */
  String condition(String qualifier, List<String> entity) {
    if (entity.size() == 1) {
      return qualifier
          + Sql.quote(entity.getFirst())
          + " = ANY (CAST((SELECT k1 FROM "
          + NAME
          + ") AS "
          + types.getFirst()
          + "[]))";
    }
    String columns =
        entity.stream()
            .map(column -> qualifier + Sql.quote(column))
            .collect(Collectors.joining(", ", "(", ")"));
    String arrays =
        IntStream.rangeClosed(1, columns())
            .mapToObj(i -> "(SELECT k" + i + " FROM " + NAME + ")")
            .collect(Collectors.joining(", "));
    return columns + " IN (SELECT * FROM unnest(" + arrays + "))";
  }
}
