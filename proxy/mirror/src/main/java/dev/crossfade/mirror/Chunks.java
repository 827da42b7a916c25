package dev.crossfade.mirror;

import dev.crossfade.sql.image.EntityCondition;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One group's entities, some at a time: ranges of keys where both servers order these alike, else
 * the keys of one table after the other.
 */
interface Chunks {
  /**
   * Some entities.
   *
   * @param last the greatest key of them; null when they have no end
   */
  record Chunk(EntityCondition entities, @Nullable List<String> last) {}

  /**
   * Where keys are looked up while rows are compared.
   *
   * @param most so many entities of any table, on either side, are in a chunk at most
   */
  record Keys(Connection authority, Connection receiving, int most) {}

  /** Null behind the last. */
  @Nullable Chunk next() throws SQLException;

  /** How many lists of keys have to be gone through. */
  static int lists(SyncPlan plan) {
    // What the authority does not have at all is in no list of its keys.
    return isInRanges(plan)
        ? 1
        : plan.entities().authority().size() + plan.entities().receiving().size();
  }

  private static boolean isInRanges(SyncPlan plan) {
    return EntityCondition.isOrderedAlike(plan.keys().types());
  }

  /**
   * @param after begins behind this key; null at the beginning
   */
  static Chunks of(SyncPlan plan, Keys keys, int list, @Nullable List<String> after)
      throws SQLException {
    if (isInRanges(plan)) {
      Ranges ranges = new Ranges(plan, keys, after);
      return () -> {
        EntityCondition range = ranges.next();
        return range == null ? null : new Chunk(range, ranges.last());
      };
    }
    int own = plan.entities().authority().size();
    KeyWalk all =
        list < own
            ? KeyWalk.begin(keys.authority(), plan.entities().authority().get(list))
            : KeyWalk.begin(keys.receiving(), plan.entities().receiving().get(list - own));
    KeyWalk walk = all.from(after);
    return () -> {
      Entities entities = walk.next(keys.most());
      return entities.size() == 0
          ? null
          : new Chunk(EntityCondition.of(entities.keys(), plan.keys().types()), walk.last());
    };
  }
}
