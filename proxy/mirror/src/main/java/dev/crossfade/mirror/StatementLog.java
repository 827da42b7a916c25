package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.capture.StatementCapture;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What has to be said in the log when statements begin to log what they change: those that had not
 * done so may have changed anything. It is said when their transactions have ended, for before that
 * nobody would see what they did.
 */
public final class StatementLog {
  private static final String INSTALLED =
      "SELECT count(*) FROM unnest(?::text[]) AS f (name) WHERE to_regprocedure(f.name) IS NULL";

  private static final String LATEST = "SELECT txid_snapshot_xmax(txid_current_snapshot())";
  private static final String OLDEST = "SELECT txid_snapshot_xmin(txid_current_snapshot())";
  private static final String FILL = "SELECT crossfade.fill_gap(?, NULL, ?)";

  private static final String VIEWS =
      """
      WITH RECURSIVE seen (oid) AS (
        SELECT to_regclass(name)::oid FROM unnest(?::text[]) AS name
        UNION SELECT r.ev_class FROM seen
          JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = seen.oid AND d.classid = 'pg_rewrite'::regclass
          JOIN pg_rewrite AS r ON r.oid = d.objid)
      SELECT c.relname FROM seen JOIN pg_class AS c ON c.oid = seen.oid WHERE c.relkind = 'v'
      """;

  private final Endpoint old;
  private final String migration;

  /** Transactions before it may have written what is in no log; 0: not asked yet. */
  private long until;

  public StatementLog(Endpoint old, String migration) {
    this.old = old;
    this.migration = migration;
  }

  /** Whether old has what statements call. */
  public static boolean isInstalled(Endpoint old, List<SyncPlan> plans) throws SQLException {
    try (Connection connection = old.open(Endpoint.Use.WRITE);
        PreparedStatement statement = connection.prepareStatement(INSTALLED)) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "text",
              plans.stream()
                  .flatMap(
                      plan ->
                          List.of(
                              StatementCapture.note(plan) + "(text[])",
                              StatementCapture.noteAny(plan) + "()")
                              .stream())
                  .toArray()));
      try (ResultSet missing = statement.executeQuery()) {
        missing.next();
        return missing.getLong(1) == 0;
      }
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith("42")) {
        // There is no schema yet, or no right to use it.
        return false;
      }
      throw e;
    }
  }

  /** Bare names of the views through which the tables may be written. */
  public static Set<String> views(Endpoint old, List<SyncPlan> plans) throws SQLException {
    Set<String> views = new HashSet<>();
    try (Connection connection = old.open(Endpoint.Use.WRITE);
        PreparedStatement statement = connection.prepareStatement(VIEWS)) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "text",
              plans.stream()
                  .flatMap(
                      plan ->
                          Stream.concat(
                              plan.captured().keySet().stream(), plan.consulted().stream()))
                  .map(Sql::quote)
                  .toArray()));
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          views.add(found.getString(1));
        }
      }
    }
    return views;
  }

  /**
   * To be called again and again, from one thread, once the statements have been answered.
   *
   * @return whether it is said; false while transactions go on
   */
  public boolean fill() throws SQLException {
    try (Connection connection = old.open(Endpoint.Use.WRITE)) {
      if (until == 0) {
        until = number(connection, LATEST);
      }
      connection.rollback();
      if (number(connection, OLDEST) < until) {
        return false;
      }
      connection.rollback();
      try (PreparedStatement statement = connection.prepareStatement(FILL)) {
        statement.setString(1, migration);
        statement.setString(2, Side.OLD.name());
        statement.execute();
      }
      connection.commit();
      return true;
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }
}
