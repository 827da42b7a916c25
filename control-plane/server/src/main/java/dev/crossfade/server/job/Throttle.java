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
 * Keeps a job from being a burden: one that writes from leaving the replicas of its databases
 * behind, one that goes on for ever from being in the mirror's way, and each to its pace, which is
 * slower while the authority is. What the role that asks may not see of replicas ({@code
 * pg_monitor}) counts for nothing.
 */
final class Throttle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Throttle.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);
  private static final int MIB = 1 << 20;

  /** The time is what the replica last told; where it tells nothing any more, only bytes grow. */
  private static final String LAG =
      """
      SELECT application_name, coalesce(extract(epoch FROM replay_lag) * 1000, 0)::bigint,
        coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::bigint
      FROM pg_stat_replication WHERE state IN ('catchup', 'streaming') ORDER BY 3 DESC, 2 DESC LIMIT 100
      """;

  private static final String PENDING =
      """
      SELECT count(*) FROM (SELECT FROM crossfade.entity_group JOIN crossfade.mutation ON entity_group = number
        WHERE migration = %s LIMIT 10000) AS p
      """;

  private final JobTarget target;
  private final JobRow job;
  private final Ledger ledger;
  private final Halt halt;
  private final LatencyProbe probe;
  private final Map<Side, Database> open = new EnumMap<>(Side.class);
  private long lookedAt = System.nanoTime() - LOOK_NANOS;
  private long dueAt = System.nanoTime();
  private long resumedAt = System.nanoTime();

  Throttle(JobTarget target, JobRow job, Ledger ledger, Halt halt, LatencyProbe probe) {
    this.target = target;
    this.job = job;
    this.ledger = ledger;
    this.halt = halt;
    this.probe = probe;
  }

  /**
   * Waits for as long as it must, and says why.
   *
   * @param rows that were compared since the last time
   * @return false when the job is to stop
   */
  boolean mayGoOn(long rows) {
    boolean may = givesWay() && keepsPace(rows) && isFree();
    resumedAt = System.nanoTime();
    return may;
  }

  /** Where the authority is slow, it rests for so much longer than it has worked. */
  private boolean givesWay() {
    long began = System.nanoTime();
    long worked = began - resumedAt;
    while (!halt.isAsked()) {
      LatencyProbe.Pressure pressure = probe.pressure();
      ledger.slow(pressure.why());
      long rest =
          Math.min(LONGEST_REST.toNanos(), (long) (worked * (1 / pressure.share() - 1)))
              - (System.nanoTime() - began);
      if (rest <= 0) {
        return true;
      }
      halt.pause(Duration.ofNanos(Math.min(rest, PAUSE.toNanos())));
    }
    return false;
  }

  private boolean isFree() {
    if (System.nanoTime() - lookedAt < LOOK_NANOS) {
      return !halt.isAsked();
    }
    for (Optional<String> why = obstacle(); why.isPresent(); why = obstacle()) {
      if (!ledger.waits(why.get()) || halt.pause(PAUSE)) {
        return false;
      }
    }
    lookedAt = System.nanoTime();
    return !halt.isAsked();
  }

  /** What was slow for a while is not made up for. */
  private boolean keepsPace(long rows) {
    int most = job.settings().limits().rowsPerSecond();
    if (most == 0) {
      return true;
    }
    long now = System.nanoTime();
    dueAt = Math.max(dueAt, now - LOOK_NANOS) + TimeUnit.SECONDS.toNanos(rows) / most;
    return dueAt <= now || !halt.pause(Duration.ofNanos(dueAt - now));
  }

  private Optional<String> obstacle() {
    return switch (job.kind()) {
      case BACKFILL, REPAIR -> behind();
      case CONTINUOUS_VERIFY, ROLLBACK_LOSS -> pending();
      case VERIFY, APPLY, LENS_CHECK -> Optional.empty();
    };
  }

  /** What is on its way differs, and would have to be looked at again and again. */
  private Optional<String> pending() {
    List<List<@Nullable String>> rows =
        ask(target.fence().authority(), PENDING.formatted(Fences.text(target.migration())));
    long pending = rows.isEmpty() ? 0 : Long.parseLong(String.valueOf(rows.getFirst().getFirst()));
    return pending <= job.settings().limits().mostPending()
        ? Optional.empty()
        : Optional.of(waitsForMirror(pending));
  }

  static String waitsForMirror(long pending) {
    return String.format(
        Locale.ROOT, "waits for the mirror: %,d changes are on their way", pending);
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
    JobRow.Limits limits = job.settings().limits();
    for (List<@Nullable String> replica : ask(side, LAG)) {
      long millis = Long.parseLong(String.valueOf(replica.get(1)));
      long bytes = Long.parseLong(String.valueOf(replica.get(2)));
      if (millis > limits.replicationLag().toMillis() || bytes > limits.replicationBytes()) {
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

  private List<List<@Nullable String>> ask(Side side, String sql) {
    try {
      Database database = open.get(side);
      if (database == null) {
        database = JobTarget.open(side, target.sides());
        open.put(side, database);
      }
      return database.query(sql);
    } catch (QueryException e) {
      // The job itself meets whatever is wrong with that server.
      LOG.atDebug().setCause(e).addKeyValue("side", side).log("A server could not be asked");
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
