package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.ColumnShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entities between two keys, in the order of the keys.
 *
 * @param after the greatest key that is not in it, as text; null when it has no beginning
 * @param upTo the greatest key in it; null when it has no end
 */
record KeyRange(@Nullable List<String> after, @Nullable List<String> upTo) {
  static final KeyRange ALL = new KeyRange(null, null);

  KeyRange {
    after = after == null ? null : List.copyOf(after);
    upTo = upTo == null ? null : List.copyOf(upTo);
  }

  /** Whether rows may be left out. */
  boolean isLimited() {
    return after != null || upTo != null;
  }

  /**
   * A condition on a table's rows.
   *
   * @param entity the table's columns that are the key
   * @param types of the key, as in the table that the bounds were read from
   */
  String condition(List<String> entity, List<ColumnShape> types) {
    String columns = '(' + Quoted.list(entity, Quoted::name) + ')';
    StringBuilder sql = new StringBuilder();
    if (after != null) {
      sql.append(columns).append(" > ").append(key(after, types));
    }
    if (upTo != null) {
      sql.append(sql.isEmpty() ? "" : " AND ");
      sql.append(columns).append(" <= ").append(key(upTo, types));
    }
    return sql.isEmpty() ? "true" : sql.toString();
  }

  static String key(List<String> values, List<ColumnShape> types) {
    StringBuilder sql = new StringBuilder("(");
    for (int i = 0; i < values.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append("CAST(").append(Quoted.literal(values.get(i)));
      sql.append(" AS ").append(types.get(i).type()).append(')');
    }
    return sql.append(')').toString();
  }
}
