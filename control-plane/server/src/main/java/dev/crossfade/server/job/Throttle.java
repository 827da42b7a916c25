package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.server.store.JobRow;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a job that writes from leaving the replicas of its databases behind. What the role that
 * asks may not see of them ({@code pg_monitor}) counts for nothing.
 */
final class Throttle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Throttle.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MIB = 1 << 20;

  /** The time is what the replica last told; where it tells nothing any more, only bytes grow. */
  private static final String LAG =
      """
      SELECT application_name, coalesce(extract(epoch FROM replay_lag) * 1000, 0)::bigint,
        coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::bigint
      FROM pg_stat_replication WHERE state IN ('catchup', 'streaming') ORDER BY 3 DESC, 2 DESC LIMIT 100
      """;

  private final DatabasesFile.Sides sides;
  private final JobRow.Settings settings;
  private final Map<Side, Database> open = new EnumMap<>(Side.class);
  private long lookedAt = System.nanoTime() - LOOK_NANOS;

  Throttle(DatabasesFile.Sides sides, JobRow.Settings settings) {
    this.sides = sides;
    this.settings = settings;
  }

  /**
   * Waits while a replica is too far behind, and says so.
   *
   * @return false when the job is to stop
   */
  boolean mayGoOn(Ledger ledger, Halt halt) {
    if (System.nanoTime() - lookedAt < LOOK_NANOS) {
      return !halt.isAsked();
    }
    for (Optional<String> why = behind(); why.isPresent(); why = behind()) {
      if (!ledger.waits(why.get()) || halt.pause(PAUSE)) {
        return false;
      }
    }
    lookedAt = System.nanoTime();
    return !halt.isAsked();
  }

  private Optional<String> behind() {
    for (Side side : Side.values()) {
      String why = behind(side);
      if (why != null) {
        return Optional.of(why);
      }
    }
    return Optional.empty();
  }

  private @Nullable String behind(Side side) {
    for (List<@Nullable String> replica : replicas(side)) {
      long millis = Long.parseLong(String.valueOf(replica.get(1)));
      long bytes = Long.parseLong(String.valueOf(replica.get(2)));
      if (millis > settings.replicationLag().toMillis() || bytes > settings.replicationBytes()) {
        return String.format(
            Locale.ROOT,
            "waits for %s, a replica of %s: %,d MiB and %.1f s behind",
            String.valueOf(replica.getFirst()).isBlank() ? "one without a name" : replica.get(0),
            side.name().toLowerCase(Locale.ROOT),
            bytes / MIB,
            millis / 1e3);
      }
    }
    return null;
  }

  private List<List<@Nullable String>> replicas(Side side) {
    try {
      Database database = open.get(side);
      if (database == null) {
        database = JobTarget.open(side, sides);
        open.put(side, database);
      }
      return database.query(LAG);
    } catch (QueryException e) {
      // The job itself meets whatever is wrong with that server.
      LOG.atDebug().setCause(e).addKeyValue("side", side).log("Replicas could not be asked for");
      Database broken = open.remove(side);
      if (broken != null) {
        broken.close();
      }
      return List.of();
    }
  }

  @Override
  public void close() {
    open.values().forEach(Database::close);
  }
}
