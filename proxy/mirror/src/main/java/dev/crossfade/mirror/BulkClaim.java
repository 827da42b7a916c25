package dev.crossfade.mirror;

import dev.crossfade.mirror.WorkerConnections.Pair;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * That no workers of two backfills are at work at once. They lock entities in bulk ({@link
 * dev.crossfade.sql.image.SyncPlan#bulkLock}), which does not keep them apart; and one whose
 * process is dead, or whose connection to the log is lost, is not heard of any more where backfills
 * keep each other out, though a transaction of its workers may still be under way.
 *
 * <p>It is an advisory lock of the migration on the receiving side, which each worker's connection
 * shares for as long as it lives. The first one has it for itself for a moment before, so it waits
 * for all workers of others, and does not let go of it from then on. When all have it, the first is
 * asked once more: it still lives, so nobody else has begun in between, and nobody can while one of
 * these lives.
 */
final class BulkClaim {
  /** Longer than chunks usually take; the jobs of a control plane try again. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '3s'";

  private static final String NAME = "(hashtextextended('crossfade/bulk/' || ?, 0))";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private BulkClaim() {}

  /**
   * Before anything is carried.
   *
   * @throws SQLException with {@link BackfillLog#BUSY} when workers of another backfill are at work
   */
  static void take(List<Pair> pairs, String migration) throws SQLException {
    Connection first = pairs.getFirst().other();
    try {
      lock(first, "pg_advisory_lock", migration);
      lock(first, "pg_advisory_lock_shared", migration);
      lock(first, "pg_advisory_unlock", migration);
      for (Pair pair : pairs.subList(1, pairs.size())) {
        lock(pair.other(), "pg_advisory_lock_shared", migration);
      }
    } catch (SQLException e) {
      throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
          ? new SQLException(
              "workers of another backfill of " + migration + " are still at work",
              BackfillLog.BUSY,
              e)
          : e;
    }
    try (Statement statement = first.createStatement()) {
      statement.execute("SELECT 1");
    }
    first.commit();
  }

  private static void lock(Connection connection, String function, String migration)
      throws SQLException {
    try (Statement patience = connection.createStatement();
        PreparedStatement lock = connection.prepareStatement("SELECT " + function + NAME)) {
      patience.execute(PATIENCE);
      lock.setString(1, migration);
      lock.execute();
    }
    connection.commit();
  }
}
