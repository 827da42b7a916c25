package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Old keys that are UUIDs on new. The UUID is computed from the key, so that it is the same
 * whenever and wherever it is asked for; the way back is a table of new that has both.
 */
final class UuidKeys {
  static final String OLD_KEY = "old_key";
  static final String NEW_KEY = "new_key";

  private final Frame frame;
  private final Set<TableName> filled;

  /** Tables that a query joins already. */
  private final Set<TableName> joined = new HashSet<>();

  /**
   * A UUID that was made of a column.
   *
   * @param column of new that holds it
   * @param up what computes it in a query over old
   */
  record Made(TableName map, String column, SourceText up, Place place) {}

  /**
   * @param filled the tables that another entry of the file fills; whoever fills one adds it
   */
  UuidKeys(Frame frame, Set<TableName> filled) {
    this.frame = frame;
    this.filled = filled;
  }

  /** The old column's value in a query over new. */
  SourceText down(Draft old, String column, Made made) {
    Draft map = frame.next(made.map());
    if (map == null) {
      map = frame.addNew(made.map(), false, made.place());
    }
    if (map == null) {
      return SourceText.of("NULL", made.place());
    }
    boolean key = old == frame.old() && frame.entity().contains(column);
    if (key && filled.add(made.map())) {
      map.fill(OLD_KEY, SourceText.of(old.column(column), made.place()), made.place());
      map.fill(NEW_KEY, made.up(), made.place());
      map.key(List.of(OLD_KEY));
      map.from(old.reference());
      frame.requireUnique(map, List.of(OLD_KEY));
    }
    String alias = joined.add(map.table()) ? map.alias() : frame.newAlias(map.alias());
    String newKey = Sql.quote(alias) + '.' + Sql.quote(NEW_KEY);
    String join = map.reference(alias) + " ON " + newKey + " = " + made.column();
    if (key) {
      frame.joinKey("JOIN " + join);
    } else {
      frame.join(old, "LEFT JOIN " + join);
    }
    return SourceText.of(Sql.quote(alias) + '.' + Sql.quote(OLD_KEY), made.place());
  }
}
