package dev.crossfade.mirror;

import dev.crossfade.sql.image.KeyQuery;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries the entities that the authority had before its changes were logged: chunk by chunk in the
 * order of their keys, each chunk the same {@code sync} as the mirror's, up to the greatest key
 * there was when it began. What is written meanwhile is the mirror's affair.
 */
public final class Backfill {
  private final List<SyncPlan> plans;
  private final Endpoint authority;
  private final Endpoint receiving;
  private final int chunk;

  /**
   * How far it has come in one table: enough to go on after any death.
   *
   * @param table of the authority
   * @param after the greatest key that is done; null before the first
   * @param upTo the greatest key to be done
   * @param entities how many are done
   * @param failed how many of these could not be carried
   */
  public record Position(
      String table,
      @Nullable List<String> after,
      List<String> upTo,
      long entities,
      long failed) {
    public Position {
      after = after == null ? null : List.copyOf(after);
      upTo = List.copyOf(upTo);
    }

    public boolean isEnd() {
      return upTo.equals(after);
    }
  }

  /** Is told after each chunk, and may slow it down by taking its time. */
  public interface Progress {
    /**
     * A chunk is on the other side.
     *
     * @return false to stop here
     */
    boolean reached(Position position);

    /** An entity can not be carried as it is. */
    void failed(String table, List<String> key, SQLException why);
  }

  /**
   * @param chunk entities in a transaction
   */
  public Backfill(List<SyncPlan> plans, Endpoint authority, Endpoint receiving, int chunk) {
    this.plans = List.copyOf(plans);
    this.authority = authority;
    this.receiving = receiving;
    this.chunk = chunk;
  }

  /**
   * @param from by table, where an earlier one has stopped; empty to begin at the beginning
   * @throws SQLException when a server can not be used; the last position is the one to go on from
   */
  public void run(Map<String, Position> from, Progress progress) throws SQLException {
    try (MirrorConnections connections = MirrorConnections.open(authority, receiving)) {
      for (SyncPlan plan : plans) {
        Sync sync = new Sync(plan, connections);
        for (KeyQuery keys : plan.entities().authority()) {
          String table = keys.table().toString();
          Position position = from.get(table);
          if (position == null) {
            KeyWalk walk = KeyWalk.begin(connections.reader(), keys);
            List<String> bound = walk.bound();
            if (bound == null) {
              continue;
            }
            position = new Position(table, null, bound, 0, 0);
          }
          if (!walk(sync, connections, keys, position, progress)) {
            return;
          }
        }
      }
    }
  }

  private boolean walk(
      Sync sync,
      MirrorConnections connections,
      KeyQuery keys,
      Position start,
      Progress progress)
      throws SQLException {
    KeyWalk walk =
        KeyWalk.resume(connections.reader(), keys, start.after(), start.upTo());
    Position position = start;
    for (Entities entities = walk.next(chunk);
        entities.size() > 0;
        entities = walk.next(chunk)) {
      Map<List<String>, SQLException> failed = new HashMap<>();
      sync.runEach(entities, failed);
      failed.forEach((key, why) -> progress.failed(start.table(), key, why));
      position =
          new Position(
              start.table(),
              walk.last(),
              start.upTo(),
              position.entities() + entities.size(),
              position.failed() + failed.size());
      if (!progress.reached(position)) {
        return false;
      }
    }
    return true;
  }
}
