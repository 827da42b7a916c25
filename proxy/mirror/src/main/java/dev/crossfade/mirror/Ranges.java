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
  private final Connection authority;
  private final Connection receiving;
  private final int most;
  private @Nullable List<String> after;
  private boolean ended;

  /**
   * @param plan with keys that both servers order alike
   */
  Ranges(SyncPlan plan, Connection authority, Connection receiving, int most) {
    this.plan = plan;
    this.authority = authority;
    this.receiving = receiving;
    this.most = most;
  }

  /** Null behind the last one, which has no end. */
  @Nullable EntityCondition next() throws SQLException {
    if (ended) {
      return null;
    }
    List<String> upTo = null;
    for (KeyQuery keys : plan.entities().authority()) {
      upTo = narrowed(authority, keys, upTo);
    }
    for (KeyQuery keys : plan.entities().receiving()) {
      upTo = narrowed(receiving, keys, upTo);
    }
    EntityCondition range = range(upTo);
    after = upTo;
    ended = upTo == null;
    return range;
  }

  private EntityCondition range(@Nullable List<String> upTo) {
    return EntityCondition.range(after, upTo, plan.keys().types());
  }

  private @Nullable List<String> narrowed(
      Connection connection, KeyQuery keys, @Nullable List<String> upTo) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(keys.at(range(upTo), most - 1))) {
      if (!result.next()) {
        return upTo;
      }
      List<String> key = new ArrayList<>();
      for (int i = 1; i <= keys.columns(); i++) {
        key.add(result.getString(i));
      }
      return key;
    }
  }
}
