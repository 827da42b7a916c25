package dev.crossfade.server.store;

import java.time.Instant;

/**
 * What one process has counted of one migration.
 *
 * @param replica names the process; empty: all that are gone
 * @param totals a MigrationSignals; empty: not read, for it has not changed lately
 * @param isFresh written within the last seconds
 */
public record SignalRow(
    String migration,
    String replica,
    byte[] totals,
    Reads reads,
    Fleet fleet,
    Gauge gauge,
    Instant reportedAt,
    boolean isFresh) {
  /** Reads that either side could have answered, and those that new has. */
  public record Reads(long routable, long onNew) {}

  /** Sidecars that report to it, and that have ceased to. */
  public record Fleet(int reporting, int silent) {}

  /** The mirror; -1: not known. */
  public record Gauge(long pending, long lagMillis, long deadLetters) {}

  /** What one process has counted of one statement. */
  public record QueryRow(
      String migration, String replica, String query, String text, byte[] totals) {}

  public int reporting() {
    return fleet.reporting();
  }

  public int silent() {
    return fleet.silent();
  }

  public long pending() {
    return gauge.pending();
  }

  public long lagMillis() {
    return gauge.lagMillis();
  }

  public long deadLetters() {
    return gauge.deadLetters();
  }
}
