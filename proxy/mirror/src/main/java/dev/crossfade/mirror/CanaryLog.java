package dev.crossfade.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.image.TableSync;
import dev.crossfade.sql.lens.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** What is asked of one side about a migration's canary. No connection is in autocommit. */
final class CanaryLog {
  private static final String SEND =
      """
      INSERT INTO crossfade.canary AS c (migration, token, at) VALUES (?, 1, clock_timestamp())
      ON CONFLICT (migration) DO UPDATE SET token = c.token + 1 + (random() * 1000000)::bigint, at = excluded.at
      WHERE c.at <= excluded.at - ? * interval '1 millisecond' OR c.at > excluded.at
      RETURNING token
      """;

  private static final String TOKEN =
      """
      SELECT token, (extract(epoch FROM clock_timestamp() - at) * 1000)::bigint
      FROM crossfade.canary WHERE migration = ?
      """;

  private static final String LACKING =
      """
      SELECT string_agg(COALESCE(to_regclass(t)::text, t), ', ' ORDER BY t) FROM unnest(?) AS t
      WHERE NOT COALESCE(has_any_column_privilege(to_regclass(t), 'SELECT')
        AND (? OR has_any_column_privilege(to_regclass(t), 'INSERT') AND has_any_column_privilege(to_regclass(t), 'UPDATE')
          AND has_table_privilege(to_regclass(t), 'DELETE')), false)
      """;

  private CanaryLog() {}

  /**
   * @param token 0: none was sent
   * @param age for how long it has been there; of the side's own clock, where it was sent from
   */
  record Aged(long token, Duration age) {}

  /**
   * Sends one, unless somebody has done so a moment ago.
   *
   * @return its token; 0 when somebody has
   */
  static long send(Connection authority, String migration, Duration notWithin) throws SQLException {
    try (PreparedStatement statement = authority.prepareStatement(SEND)) {
      statement.setString(1, migration);
      statement.setLong(2, notWithin.toMillis());
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  /**
   * The transaction at hand waits for nobody for long, and ends if it is left alone: all mirrors of
   * a migration share one row.
   */
  static void hurry(Connection side) throws SQLException {
    try (Statement statement = side.createStatement()) {
      statement.execute(
          "SET LOCAL lock_timeout = 100; SET LOCAL idle_in_transaction_session_timeout = 5000");
    }
  }

  static Aged look(Connection side, String migration) throws SQLException {
    try (PreparedStatement statement = side.prepareStatement(TOKEN)) {
      statement.setString(1, migration);
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? new Aged(result.getLong(1), Duration.ofMillis(Math.max(0, result.getLong(2))))
            : new Aged(0, Duration.ZERO);
      }
    }
  }

  /**
   * Tables that the login can't use as a mirror does, though the canary itself may pass.
   *
   * @return a part of a sentence; empty when there are none
   */
  static String trouble(Connection authority, Connection receiving, Collection<SyncPlan> plans)
      throws SQLException {
    Set<String> read = new LinkedHashSet<>();
    Set<String> written = new LinkedHashSet<>();
    for (SyncPlan plan : plans) {
      plan.captured().keySet().forEach(table -> read.add(Sql.quote(table)));
      plan.consulted().forEach(table -> read.add(Sql.quote(table)));
      plan.tables().stream().map(TableSync::table).map(Sql::quote).forEach(written::add);
    }
    Side side = plans.iterator().next().authority();
    String unread = lacking(authority, read, true);
    if (!unread.isEmpty()) {
      return "the mirror's login may not read " + unread + " on " + side;
    }
    String unwritten = lacking(receiving, written, false);
    return unwritten.isEmpty()
        ? ""
        : "the mirror's login may not read and write " + unwritten + " on " + side.other();
  }

  private static String lacking(Connection side, Set<String> tables, boolean reads)
      throws SQLException {
    try (PreparedStatement statement = side.prepareStatement(LACKING)) {
      statement.setArray(1, side.createArrayOf("text", tables.stream().sorted().toArray()));
      statement.setBoolean(2, reads);
      try (ResultSet result = statement.executeQuery()) {
        String found = result.next() ? result.getString(1) : null;
        return found == null ? "" : found;
      }
    } finally {
      side.commit();
    }
  }
}
