package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how quick the authority is for those who use it, while a job is at work there: each
 * second by a few reads of its own, and by what the server counts of others' statements. While it
 * is slow the share of its time that the job may work halves each second; after that it grows
 * again.
 */
final class LatencyProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LatencyProbe.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int READS = 5;
  private static final int LOOKS_PER_COUNT = 5;
  private static final double LEAST_SHARE = 1.0 / 64;
  private static final double GROWTH = 1.5;

  /** By an index, of one row that every server has. */
  private static final String READ = "SELECT relname FROM pg_class WHERE oid = 1259";

  private final Side side;
  private final DatabasesFile.Sides sides;
  private final double factor;
  private final Halt closed = new Halt();
  private final UsualTime reads = new UsualTime();
  private final StatementTimes statements = new StatementTimes();
  private int looks;
  private double ratio = 1;
  private volatile Pressure pressure = Pressure.NONE;

  /**
   * How much the job may do.
   *
   * @param share of its time, up to 1
   * @param why a sentence; empty when nothing is slow
   */
  record Pressure(double share, String why) {
    static final Pressure NONE = new Pressure(1, "");
  }

  private LatencyProbe(Side side, DatabasesFile.Sides sides, double factor) {
    this.side = side;
    this.sides = sides;
    this.factor = factor;
  }

  /**
   * @param factor how many times as long as usual is still right
   */
  static LatencyProbe start(Side side, DatabasesFile.Sides sides, double factor) {
    LatencyProbe probe = new LatencyProbe(side, sides, factor);
    Thread.ofVirtual().name("latency-probe").start(probe::run);
    return probe;
  }

  boolean isOf(Side other, DatabasesFile.Sides others) {
    return side == other && sides.equals(others);
  }

  Pressure pressure() {
    return pressure;
  }

  private void run() {
    while (!closed.isAsked()) {
      try (Database database = JobTarget.open(side, sides)) {
        while (!closed.pause(EVERY)) {
          look(database);
        }
      } catch (QueryException e) {
        // The job itself meets whatever is wrong with that server.
        LOG.atDebug().setCause(e).addKeyValue("side", side).log("Its times could not be measured");
        pressure = Pressure.NONE;
        closed.pause(EVERY);
      }
    }
  }

  private void look(Database database) throws QueryException {
    double[] millis = new double[READS];
    for (int i = 0; i < READS; i++) {
      long began = System.nanoTime();
      database.query(READ);
      millis[i] = (System.nanoTime() - began) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
    Arrays.sort(millis);
    reads.add(System.nanoTime(), millis[READS / 2]);
    if (looks++ % LOOKS_PER_COUNT == 0) {
      ratio = ratio(database);
    }
    Optional<String> why = why();
    double share = pressure.share();
    pressure =
        why.isPresent()
            ? new Pressure(Math.max(LEAST_SHARE, share / 2), why.get())
            : new Pressure(Math.min(1, share * GROWTH), "");
  }

  /** Older versions count under other names, and not everybody may look. */
  private double ratio(Database database) {
    try {
      return statements.ratio(database);
    } catch (QueryException e) {
      LOG.atDebug().setCause(e).addKeyValue("side", side).log("Statements could not be looked at");
      return 1;
    }
  }

  private Optional<String> why() {
    String where = side.name().toLowerCase(Locale.ROOT);
    Optional<UsualTime.Slow> slow = reads.slow(factor);
    if (slow.isPresent()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "goes slowly: a read of %s takes %.1f ms, usually %.1f ms",
              where,
              slow.get().millis(),
              slow.get().usual()));
    }
    return ratio > factor
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "goes slowly: statements on %s take %.1f times as long as usual",
                where,
                ratio))
        : Optional.empty();
  }

  @Override
  public void close() {
    closed.ask();
  }
}
