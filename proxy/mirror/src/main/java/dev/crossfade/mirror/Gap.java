package dev.crossfade.mirror;

import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A time in which the authority did not log its changes. That somebody has seen it is kept on the
 * authority, so that whoever sees it end knows: from then on any entity may have changed.
 *
 * @param log to the authority, not in autocommit
 * @param plan any of the migration's
 */
record Gap(Connection log, SyncPlan plan) {
  private static final String OPEN =
      "INSERT INTO crossfade.gap (migration) VALUES (?) ON CONFLICT DO NOTHING";

  private static final String CLOSE =
      """
      WITH closed AS (DELETE FROM crossfade.gap WHERE migration = ? RETURNING migration)
      SELECT crossfade.fill_gap(migration, NULL, ?) FROM closed
      """;

  /**
   * @param check counts the triggers that are not as they must be
   * @return what it has counted
   */
  long check(String check) throws SQLException {
    // Closed first: who sees the triggers missing after they were counted here opens it again.
    close();
    long missing = count(log, check);
    if (missing > 0) {
      log.rollback();
      open();
    }
    log.commit();
    return missing;
  }

  private void close() throws SQLException {
    try (PreparedStatement statement = log.prepareStatement(CLOSE)) {
      statement.setString(1, plan.migration());
      statement.setString(2, plan.authority().name());
      statement.execute();
    }
  }

  /** Durably, whatever the connection does with the rest. */
  private void open() throws SQLException {
    try (Statement statement = log.createStatement()) {
      statement.execute("SET LOCAL synchronous_commit = on");
    }
    try (PreparedStatement statement = log.prepareStatement(OPEN)) {
      statement.setString(1, plan.migration());
      statement.executeUpdate();
    }
  }

  /**
   * @param check counts the triggers that are not as they must be
   */
  static long count(Connection connection, String check) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet missing = statement.executeQuery(check)) {
      missing.next();
      return missing.getLong(1);
    }
  }
}
