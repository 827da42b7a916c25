package dev.crossfade.mirror;

import dev.crossfade.sql.image.EntityCondition;
import dev.crossfade.sql.image.KeyQuery;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts all keys there can be into ranges, each with no more than so many entities of any table, on
 * either side: however many rows one side has that the other has not, no range grows with them.
 */
final class Ranges {
  private final SyncPlan plan;
  private final Chunks.Keys keys;
  private @Nullable List<String> after;
  private boolean ended;

  /**
   * @param plan with keys that both servers order alike
   * @param after begins behind this key; null at the beginning
   */
  Ranges(SyncPlan plan, Chunks.Keys keys, @Nullable List<String> after) {
    this.plan = plan;
    this.keys = keys;
    this.after = after;
  }

  /** Null behind the last one, which has no end. */
  @Nullable EntityCondition next() throws SQLException {
    if (ended) {
      return null;
    }
    List<String> upTo = null;
    for (KeyQuery table : plan.entities().authority()) {
      upTo = narrowed(keys.authority(), table, upTo);
    }
    for (KeyQuery table : plan.entities().receiving()) {
      upTo = narrowed(keys.receiving(), table, upTo);
    }
    EntityCondition range = range(upTo);
    after = upTo;
    ended = upTo == null;
    return range;
  }

  /** The greatest key of the last range; null when that has no end. */
  @Nullable List<String> last() {
    return after;
  }

  private EntityCondition range(@Nullable List<String> upTo) {
    return EntityCondition.range(after, upTo, plan.keys().types());
  }

  private @Nullable List<String> narrowed(
      Connection connection, KeyQuery table, @Nullable List<String> upTo) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(table.at(range(upTo), keys.most() - 1))) {
      if (!result.next()) {
        return upTo;
      }
      List<String> key = new ArrayList<>();
      for (int i = 1; i <= table.columns(); i++) {
        key.add(result.getString(i));
      }
      return key;
    }
  }
}
