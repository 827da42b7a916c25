package dev.crossfade.mirror;

import dev.crossfade.sql.image.KeyQuery;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Carries the entities that the authority had before its changes were logged: chunk by chunk in the
 * order of their keys, each chunk the same {@code sync} as the mirror's, up to the greatest key
 * there was when it began. What is written meanwhile is the mirror's affair.
 */
public final class Backfill {
  private static final long STATE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final List<SyncPlan> plans;
  private final Endpoint authority;
  private final Endpoint receiving;
  private final Settings settings;
  private long stateAt;

  /**
   * @param chunk entities in a transaction
   * @param mostPending with more changes than that in the log the mirror goes first
   */
  public record Settings(int chunk, long mostPending) {
    public static final Settings USUAL = new Settings(1_000, 5_000);
  }

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
      String table, @Nullable List<String> after, List<String> upTo, long entities, long failed) {
    public Position {
      after = after == null ? null : List.copyOf(after);
      upTo = List.copyOf(upTo);
    }

    public boolean isEnd() {
      return upTo.equals(after);
    }
  }

  /** Is told after each chunk. */
  public interface Progress {
    /** That is where it goes on in a table, or that there is nothing left of it. */
    default void begins(Position position) {}

    /**
     * A chunk is on the other side, and that is noted.
     *
     * @return false to stop here
     */
    boolean reached(Position position);

    /**
     * It waits, for so many changes wait to be carried. Is told again and again.
     *
     * @return false to stop here
     */
    boolean waits(long pending);

    /** An entity can not be carried as it is. */
    void failed(String table, List<String> key, SQLException why);
  }

  public Backfill(List<SyncPlan> plans, Endpoint authority, Endpoint receiving, Settings settings) {
    this.plans = List.copyOf(plans);
    this.authority = authority;
    this.receiving = receiving;
    this.settings = settings;
  }

  /**
   * Goes on where an earlier one has stopped.
   *
   * @param again whether to begin at the beginning all the same
   * @return false when it was stopped
   * @throws SQLException when a server can not be used, or another backfill of this migration runs
   */
  public boolean run(boolean again, Progress progress) throws SQLException {
    try (MirrorConnections connections = MirrorConnections.open(authority, receiving)) {
      String migration = plans.getFirst().migration();
      BackfillLog log = BackfillLog.open(connections.log(), migration);
      begin(log, connections.reader(), again);
      for (SyncPlan plan : plans) {
        MutationLog mutations = MutationLog.open(connections.log(), plan);
        if (mutations == null) {
          throw new SQLException(
              "capture is not installed for " + plan.group(), Mirror.NOT_CAPTURED);
        }
        Carrier carrier = new Carrier(new Sync(plan, connections), log, mutations);
        for (KeyQuery keys : plan.entities().authority()) {
          Position position = log.position(keys.table().toString());
          if (position == null) {
            continue;
          }
          progress.begins(position);
          KeyWalk walk =
              KeyWalk.resume(connections.reader(), keys, position.after(), position.upTo());
          if (!carry(walk, carrier, position, progress)) {
            return false;
          }
        }
      }
      return true;
    }
  }

  /**
   * Notes how far it is to go in each table before it begins with the first, so that one which dies
   * between two tables is known not to have come to its end.
   */
  private void begin(BackfillLog log, Connection reader, boolean again) throws SQLException {
    List<Position> positions = new ArrayList<>();
    for (SyncPlan plan : plans) {
      for (KeyQuery keys : plan.entities().authority()) {
        String table = keys.table().toString();
        List<String> bound =
            again || log.position(table) == null ? KeyWalk.begin(reader, keys).bound() : null;
        if (bound != null) {
          positions.add(new Position(table, null, bound, 0, 0));
        }
      }
    }
    log.begin(plans.getFirst().authority(), positions, again);
  }

  /** What carries the chunks of one group, and where it is noted. */
  private record Carrier(Sync sync, BackfillLog log, MutationLog mutations) {}

  private boolean carry(KeyWalk walk, Carrier carrier, Position start, Progress progress)
      throws SQLException {
    Position position = start;
    for (Entities entities = walk.next(settings.chunk());
        entities.size() > 0;
        entities = walk.next(settings.chunk())) {
      Map<List<String>, SQLException> failed = new HashMap<>();
      carrier.sync().runEach(entities, failed);
      // The mirror tries them again, and knows what to do with those that never can be carried.
      carrier.mutations().add(new Entities(List.copyOf(failed.keySet())));
      carrier.mutations().forgive(entities.without(failed.keySet()));
      failed.forEach((key, why) -> progress.failed(start.table(), key, why));
      position =
          new Position(
              start.table(),
              walk.last(),
              start.upTo(),
              position.entities() + entities.size(),
              position.failed() + failed.size());
      carrier.log().note(position);
      if (!progress.reached(position) || !giveWay(carrier.log(), progress)) {
        return false;
      }
    }
    if (position.isEnd()) {
      return true;
    }
    // The entity that it was to end with is no longer there.
    Position end =
        new Position(
            start.table(), start.upTo(), start.upTo(), position.entities(), position.failed());
    carrier.log().note(end);
    return progress.reached(end);
  }

  /** Whoever writes now waits for its changes; what was there before can wait. */
  private boolean giveWay(BackfillLog log, Progress progress) throws SQLException {
    if (System.nanoTime() - stateAt < STATE_NANOS) {
      return true;
    }
    for (long pending = log.pending(); pending > settings.mostPending(); pending = log.pending()) {
      if (!progress.waits(pending) || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    stateAt = System.nanoTime();
    return true;
  }
}
