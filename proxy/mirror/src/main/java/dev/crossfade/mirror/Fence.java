package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one side holds to be true of a migration's authority.
 *
 * @param authority whose writes count
 * @param epoch how often it has been moved, from 1
 */
public record Fence(Side authority, long epoch) {
  private static final String READ =
      "SELECT authority, epoch FROM crossfade.fence WHERE migration = ?";

  private static final String CLOSE =
      "SELECT pg_advisory_xact_lock(hashtextextended('crossfade/fence/' || ?, 0))";

  private static final String MOVE =
      "UPDATE crossfade.fence SET authority = ?, epoch = ? WHERE migration = ?";

  /**
   * @return null when the migration is not installed there
   */
  static @Nullable Fence read(Connection connection, String migration) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, migration);
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? new Fence(Side.valueOf(result.getString(1)), result.getLong(2))
            : null;
      }
    }
  }

  /**
   * Waits for those who write and lets nobody begin to, until the transaction ends.
   *
   * @param longest what it may wait; whoever wants to write meanwhile waits as well
   */
  static void close(Connection connection, String migration, Duration longest) throws SQLException {
    try (Statement limit = connection.createStatement();
        PreparedStatement lock = connection.prepareStatement(CLOSE)) {
      limit.execute("SET LOCAL lock_timeout = " + Math.max(1, longest.toMillis()));
      lock.setString(1, migration);
      lock.execute();
    }
  }

  /** Takes effect when the transaction is committed, if {@link #close} was part of it. */
  void write(Connection connection, String migration) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
      statement.setString(1, authority.name());
      statement.setLong(2, epoch);
      statement.setString(3, migration);
      if (statement.executeUpdate() != 1) {
        throw new SQLException("the migration " + migration + " is not installed", "CF003");
      }
    }
  }

  Fence moved(Side to) {
    return new Fence(to, epoch + 1);
  }
}
