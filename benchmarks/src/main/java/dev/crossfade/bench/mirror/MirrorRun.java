package dev.crossfade.bench.mirror;

import dev.crossfade.bench.process.ProcessFigures;
import dev.crossfade.mirror.Backfill;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.mirror.MirrorMeters;
import dev.crossfade.mirror.Verify;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** The measurements. Each leaves both sides equal. */
final class MirrorRun {
  private static final double NANOS = 1e9;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Sides sides;
  private final int customers;

  MirrorRun(Sides sides, int customers) {
    this.sides = sides;
    this.customers = customers;
  }

  /**
   * What capture costs the session that writes.
   *
   * @param single processor time for a row that is written by a statement of its own, in
   *     microseconds
   * @param many the same where a statement writes a thousand
   */
  record CaptureCost(double single, double many) {}

  /** Before capture is installed, and with it, in turn; medians of the differences. */
  CaptureCost captureCost(int rounds, int rows) throws SQLException {
    double[] single = new double[rounds];
    double[] many = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      sides.old().execute("ALTER TABLE customers DISABLE TRIGGER USER");
      double singleWithout = cpuOfUpdates(rows, 1);
      double manyWithout = cpuOfUpdates(rows, 1_000);
      sides.capture();
      single[round] = cpuOfUpdates(rows, 1) - singleWithout;
      many[round] = cpuOfUpdates(rows, 1_000) - manyWithout;
      sides.old().execute("TRUNCATE crossfade.mutation", "VACUUM ANALYZE customers");
    }
    return new CaptureCost(median(single), median(many));
  }

  /** Microseconds of the backend's processor time for each row. */
  private double cpuOfUpdates(int rows, int inOne) throws SQLException {
    try (Connection connection = sides.old().connect("postgres");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE customers SET balance_cents = balance_cents + 1 WHERE id BETWEEN ? AND"
                    + " ?")) {
      connection.setAutoCommit(true);
      long pid;
      try (Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery("SELECT pg_backend_pid()")) {
        result.next();
        pid = result.getLong(1);
      }
      Duration before = ProcessFigures.cpu(pid);
      for (int from = 1; from <= rows; from += inOne) {
        update.setLong(1, from);
        update.setLong(2, from + inOne - 1);
        update.executeUpdate();
      }
      return ProcessFigures.cpu(pid).minus(before).toNanos() / 1e3 / rows;
    }
  }

  /** Rows of new in a second, from nothing. */
  double backfill(int workers) throws SQLException {
    sides
        .next()
        .execute(
            "SET crossfade.applying = on", "TRUNCATE people, contacts", "VACUUM ANALYZE people");
    long start = System.nanoTime();
    backfiller(workers)
        .run(
            true,
            new Backfill.Progress() {
              @Override
              public boolean reached(Backfill.Position position) {
                return true;
              }

              @Override
              public boolean waits(long pending) {
                return true;
              }

              @Override
              public void failed(String table, List<String> key, SQLException why) {
                throw new IllegalStateException(table + key, why);
              }
            });
    double seconds = (System.nanoTime() - start) / NANOS;
    return rowsOfNew() / seconds;
  }

  private Backfill backfiller(int workers) {
    return new Backfill(
        sides.plans(),
        sides.endpoint(sides.old()),
        sides.endpoint(sides.next()),
        new Backfill.Settings(
            Backfill.Settings.USUAL.chunk(), Backfill.Settings.USUAL.mostPending(), workers));
  }

  private long rowsOfNew() throws SQLException {
    try (Connection connection = sides.next().connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM contacts)")) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Rows of new that are compared in a second. */
  double verify(int workers) throws SQLException {
    AtomicLong rows = new AtomicLong();
    long start = System.nanoTime();
    new Verify(
            sides.plans(),
            sides.endpoint(sides.old()),
            sides.endpoint(sides.next()),
            new Verify.Settings(Verify.Settings.USUAL.chunk(), workers))
        .run(
            new Verify.Findings() {
              @Override
              public void compared(String group, long compared) {
                rows.addAndGet(compared);
              }

              @Override
              public void drift(SyncPlan plan, List<String> key) {
                throw new IllegalStateException(plan.group() + key + " has drifted");
              }

              @Override
              public void restless(SyncPlan plan, List<String> key) {
                throw new IllegalStateException(plan.group() + key + " is not at rest");
              }
            });
    return rows.get() * NANOS / (System.nanoTime() - start);
  }

  /** Entities in a second, of a log that is full at the beginning. */
  double drain() throws SQLException {
    sides.old().execute("UPDATE customers SET balance_cents = balance_cents + 1");
    long start = System.nanoTime();
    try (Mirror mirror = mirror(MirrorMeters.NONE)) {
      awaitArrival(mirror, mirror.watermark().ticket());
    }
    return customers * NANOS / (System.nanoTime() - start);
  }

  /** From the commit of one row to its arrival, in microseconds. */
  Histogram arrival(int writes) throws SQLException {
    Histogram micros = new Histogram(60_000_000, 3);
    try (Connection connection = sides.old().connect("postgres");
        Mirror mirror = mirror(MirrorMeters.NONE);
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE customers SET balance_cents = balance_cents + 1 WHERE id = ?")) {
      awaitArrival(mirror, mirror.watermark().ticket());
      for (int i = 1; i <= writes; i++) {
        update.setLong(1, i);
        update.executeUpdate();
        long start = System.nanoTime();
        long ticket = mirror.watermark().ticket();
        mirror.kick();
        awaitArrival(mirror, ticket);
        micros.recordValue((System.nanoTime() - start) / 1_000);
      }
    }
    return micros;
  }

  private Mirror mirror(MirrorMeters meters) {
    return Mirror.start(
        new Mirror.Link(
            sides.plans(),
            sides.script(),
            sides.endpoint(sides.old()),
            sides.endpoint(sides.next())),
        Mirror.Settings.USUAL,
        meters);
  }

  private static void awaitArrival(Mirror mirror, long ticket) {
    long start = System.nanoTime();
    while (!mirror.watermark().hasArrived(ticket)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("nothing arrives");
      }
      LockSupport.parkNanos(50_000);
    }
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
