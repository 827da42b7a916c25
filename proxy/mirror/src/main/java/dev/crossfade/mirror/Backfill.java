package dev.crossfade.mirror;

import static java.util.Objects.requireNonNull;

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
 *
 * <p>Several workers carry chunks of one table side by side. What is noted is the greatest key
 * below which everything is done, so a death makes at most one chunk for each worker be done twice.
 */
public final class Backfill {
  public static final int WORKERS_MAX = WorkerConnections.WORKERS_MAX;

  private static final long STATE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Under way, by all workers together. */
  private static final int MOST_ENTITIES = 4_096;

  private final List<SyncPlan> plans;
  private final Endpoint authority;
  private final Endpoint receiving;
  private final Settings settings;
  private long stateAt;

  /**
   * @param chunk entities in a transaction; fewer where many workers have one
   * @param mostPending with more changes than that in the log the mirror goes first
   * @param workers side by side, each with two connections; two more are everybody's
   */
  public record Settings(int chunk, long mostPending, int workers) {
    public static final Settings USUAL = new Settings(1_000, 5_000, 2);

    public Settings {
      if (chunk < 1 || workers < 1 || workers > WORKERS_MAX) {
        throw new IllegalArgumentException(chunk + " entities, " + workers + " workers");
      }
    }

    /** However many workers there are, they hold no more locks and no more rows than that. */
    int chunkOfOne() {
      return Math.min(chunk, Math.max(1, MOST_ENTITIES / workers));
    }
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

  /** Is told after each chunk, in the order of the keys, by the thread that runs the backfill. */
  public interface Progress {
    /** That is where it goes on in a table, or that there is nothing left of it. */
    default void begins(Position position) {}

    /**
     * A chunk is on the other side, and that is noted.
     *
     * @return false to stop when what is under way is done; that is told as well
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
    String migration = plans.getFirst().migration();
    try (WorkerConnections workers =
            WorkerConnections.open(authority, receiving, Endpoint.Use.WRITE, settings.workers());
        Connection noted = authority.open(Endpoint.Use.WRITE);
        Connection keysOf = authority.open(Endpoint.Use.READ)) {
      BackfillLog log = BackfillLog.open(noted, migration);
      // In one database those who write the entities hold their locks as well, shared.
      boolean bulk = !OneDatabase.is(noted, workers.pairs().getFirst().other());
      BulkClaim.take(workers.pairs(), migration);
      begin(log, keysOf, again);
      for (SyncPlan plan : plans) {
        MutationLog mutations = MutationLog.open(noted, plan);
        if (mutations == null) {
          throw new SQLException(
              "capture is not installed for " + plan.group(), Mirror.NOT_CAPTURED);
        }
        try (Crew<Sync, Carried> crew = new Crew<>(syncs(plan, workers, bulk))) {
          Carrier carrier = new Carrier(crew, log, mutations);
          for (KeyQuery keys : plan.entities().authority()) {
            Position position = log.position(keys.table().toString());
            if (position == null) {
              continue;
            }
            progress.begins(position);
            KeyWalk walk = KeyWalk.resume(keysOf, keys, position.after(), position.upTo());
            if (!carry(walk, carrier, position, progress)) {
              return false;
            }
          }
        }
      }
      return true;
    }
  }

  private static List<Sync> syncs(SyncPlan plan, WorkerConnections workers, boolean bulk) {
    return workers.pairs().stream()
        .map(pair -> new Sync(plan, pair.reader(), pair.other(), bulk))
        .toList();
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

  /**
   * What carries the chunks of one group, and where it is noted. The log's connection is that of
   * all workers: one at a time.
   */
  private record Carrier(Crew<Sync, Carried> crew, BackfillLog log, MutationLog mutations) {
    Carried carry(Sync sync, Entities entities, List<String> last) throws SQLException {
      Map<List<String>, SQLException> failed = new HashMap<>();
      sync.runEach(entities, failed);
      synchronized (log) {
        // The mirror tries them again, and knows what to do with those that never can be carried.
        mutations.add(new Entities(List.copyOf(failed.keySet())));
        mutations.forgive(entities.without(failed.keySet()));
        mutations.commit();
      }
      return new Carried(entities.size(), last, failed);
    }

    void note(Position position) throws SQLException {
      synchronized (log) {
        log.note(position);
      }
    }

    long pending() throws SQLException {
      synchronized (log) {
        return log.pending();
      }
    }
  }

  /** What has come of a chunk. */
  private record Carried(int entities, List<String> last, Map<List<String>, SQLException> failed) {}

  /**
   * One table. When it ends nothing of it is under way any more: the next one may have the same
   * entities.
   */
  private boolean carry(KeyWalk walk, Carrier carrier, Position start, Progress progress)
      throws SQLException {
    Crew<Sync, Carried> crew = carrier.crew();
    Position position = start;
    boolean mayGoOn = true;
    Entities next = walk.next(settings.chunkOfOne());
    while (true) {
      while (mayGoOn && next.size() > 0 && crew.hasRoom()) {
        Entities entities = next;
        List<String> last = requireNonNull(walk.last());
        crew.hand(sync -> carrier.carry(sync, entities, last));
        next = walk.next(settings.chunkOfOne());
      }
      if (crew.isDone()) {
        break;
      }
      Carried carried = crew.take();
      carried.failed().forEach((key, why) -> progress.failed(start.table(), key, why));
      position =
          new Position(
              start.table(),
              carried.last(),
              start.upTo(),
              position.entities() + carried.entities(),
              position.failed() + carried.failed().size());
      carrier.note(position);
      mayGoOn &= progress.reached(position);
      mayGoOn = mayGoOn && giveWay(carrier, progress);
    }
    if (!mayGoOn || position.isEnd()) {
      return mayGoOn;
    }
    // The entity that it was to end with is no longer there.
    Position end =
        new Position(
            start.table(), start.upTo(), start.upTo(), position.entities(), position.failed());
    carrier.note(end);
    return progress.reached(end);
  }

  /** Whoever writes now waits for its changes; what was there before can wait. */
  private boolean giveWay(Carrier carrier, Progress progress) throws SQLException {
    if (System.nanoTime() - stateAt < STATE_NANOS) {
      return true;
    }
    for (long pending = carrier.pending();
        pending > settings.mostPending();
        pending = carrier.pending()) {
      if (!progress.waits(pending) || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    stateAt = System.nanoTime();
    return true;
  }
}
