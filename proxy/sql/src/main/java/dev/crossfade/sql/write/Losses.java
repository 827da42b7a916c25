package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.util.stream.Collectors;

/**
 * Queries of an {@link Effect} that let a statement fail whose rows would not all be there
 * afterwards.
 */
final class Losses {
  private final WriteTarget target;
  private final boolean before;
  private final boolean checksTwice;
  private final boolean checksLost;

  /**
   * @param before whether there are rows that are changed
   * @param checksTwice whether two rows may have one key
   * @param checksLost whether a row may not come back
   */
  Losses(WriteTarget target, boolean before, boolean checksTwice, boolean checksLost) {
    this.target = target;
    this.before = before;
    this.checksTwice = checksTwice;
    this.checksLost = checksLost;
  }

  /** A row for each key that two rows would have. */
  String twice() {
    if (!checksTwice) {
      return "";
    }
    StringBuilder sql = new StringBuilder(", crossfade_twice AS (SELECT 1 FROM ");
    sql.append(Effect.AFTER).append(" AS a JOIN ").append(target.rows()).append(" AS d ON ");
    sql.append(Effect.equal("a", "d", target.key()));
    if (before) {
      sql.append(" WHERE NOT EXISTS (SELECT FROM ").append(Effect.BEFORE).append(" AS b WHERE ");
      sql.append(Effect.equal("b", "d", target.key())).append(')');
    }
    sql.append(" UNION ALL SELECT 1 FROM ").append(Effect.AFTER).append(" GROUP BY ");
    return sql.append(Effect.columns("", target.key())).append(" HAVING count(*) > 1)").toString();
  }

  /**
   * A row for each row after that the stored rows do not give back, such as one that lacks the row
   * of another table that it hangs on: it must not be acknowledged. Making it fails the statement,
   * by a domain of the standard's information schema (23514).
   */
  String lost() {
    if (!checksLost) {
      return "";
    }
    return ", crossfade_lost AS MATERIALIZED (SELECT CAST(CAST(-count(*) AS integer) AS"
        + (" information_schema.cardinal_number) AS n FROM " + Effect.AFTER)
        + (" AS a WHERE NOT EXISTS (SELECT FROM (" + target.back().with(this::afterwards))
        + (") AS d WHERE " + Effect.equal("d", "a", target.key()) + references() + "))");
  }

  /** What a stored table will hold of the entities. */
  private String afterwards(TableName table) {
    int number = 0;
    for (Store store : target.stores()) {
      number++;
      if (store.table().shape().name().equals(table)) {
        return "(SELECT * FROM crossfade_is_" + number + ")";
      }
    }
    return "(SELECT * FROM " + Sql.quote(table) + ")";
  }

  /** That a value which another table's row gives back is there. */
  private String references() {
    return target.hangsOnOthers()
        ? target.shape().columns().stream()
            .filter(ColumnShape::nullable)
            .map(column -> Sql.quote(column.name()))
            .map(name -> " AND (d." + name + " IS NOT NULL OR a." + name + " IS NULL)")
            .collect(Collectors.joining())
        : "";
  }

  /**
   * Rows for the first INSERT that let it fail.
   *
   * @param select what it inserts
   * @param columns in its select list
   */
  String failing(String select, String columns) {
    String twice =
        // The server then says what it says of any key that is there already.
        checksTwice ? " UNION ALL" + select + " WHERE EXISTS (SELECT FROM crossfade_twice)" : "";
    String lost =
        " UNION ALL SELECT "
            + (columns + " FROM crossfade_lost AS l LEFT JOIN crossfade_is_1 AS a ON false")
            + " WHERE l.n <> 0";
    return twice + (checksLost ? lost : "");
  }
}
