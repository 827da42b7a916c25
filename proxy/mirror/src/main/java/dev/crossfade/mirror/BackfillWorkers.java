package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one backfill's workers, a pair for each. They lock entities in bulk ({@link
 * dev.crossfade.sql.image.SyncPlan#bulkLock}), so no worker of another backfill may be at work: one
 * whose process is dead, or whose connection to the log is lost, is not heard of any more where
 * backfills keep each other out, but a transaction of its workers may still be under way.
 *
 * <p>That is kept by an advisory lock of the migration on the receiving side, which each worker's
 * connection shares for as long as it lives. The first one has it for itself for a moment before,
 * so it waits for all workers of others, and does not let go of it from then on. When all have it,
 * the first is asked once more: it still lives, so nobody else has begun in between, and nobody can
 * while one of these lives.
 */
final class BackfillWorkers implements AutoCloseable {
  /** Longer than chunks usually take; the jobs of a control plane try again. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '3s'";

  private static final String NAME = "(hashtextextended('crossfade/bulk/' || ?, 0))";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final List<Pair> pairs = new ArrayList<>();

  /**
   * What one worker works with.
   *
   * @param reader to the authority
   * @param writer to the other side
   */
  record Pair(Connection reader, Connection writer) {}

  private BackfillWorkers() {}

  static BackfillWorkers open(Endpoint authority, Endpoint receiving, int workers)
      throws SQLException {
    BackfillWorkers opened = new BackfillWorkers();
    boolean done = false;
    try {
      for (int i = 0; i < workers; i++) {
        // First the side that may be away: the authority is not asked for nothing.
        Connection writer = receiving.open(Endpoint.Use.WRITE);
        Connection reader;
        try {
          reader = authority.open(Endpoint.Use.READ);
        } catch (SQLException e) {
          MirrorConnections.quietly(writer);
          throw e;
        }
        opened.pairs.add(new Pair(reader, writer));
      }
      done = true;
      return opened;
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  /**
   * Before anything is carried.
   *
   * @throws SQLException with {@link BackfillLog#BUSY} when those of another backfill are at work
   */
  void claim(String migration) throws SQLException {
    Connection first = pairs.getFirst().writer();
    try {
      lock(first, "pg_advisory_lock", migration);
      lock(first, "pg_advisory_lock_shared", migration);
      lock(first, "pg_advisory_unlock", migration);
      for (Pair other : pairs.subList(1, pairs.size())) {
        lock(other.writer(), "pg_advisory_lock_shared", migration);
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

  List<Pair> pairs() {
    return List.copyOf(pairs);
  }

  @Override
  public void close() {
    for (Pair pair : pairs) {
      MirrorConnections.quietly(pair.reader());
      MirrorConnections.quietly(pair.writer());
    }
  }
}
