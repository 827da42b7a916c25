package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one writer changed past every sidecar, as mirrors have added it up. Forgotten when a day has
 * passed without another such change.
 *
 * @param group of tables, by the name of the first
 * @param writer user and application
 * @param changes of entities
 * @param since the first of them was carried
 * @param at the last of them was carried
 */
public record BypassTotal(String group, String writer, long changes, Instant since, Instant at) {
  private static final int MOST = 20;

  private static final String KNOWN =
      "SELECT COALESCE(has_table_privilege(to_regclass('crossfade.bypass'), 'SELECT'), false)";

  private static final String LATEST =
      """
      SELECT g.name, b.writer, b.changes, extract(epoch FROM b.since) * 1000, extract(epoch FROM b.at) * 1000
      FROM crossfade.entity_group AS g JOIN crossfade.bypass AS b ON b.entity_group = g.number
      WHERE g.migration = ? AND b.at > clock_timestamp() - interval '1 day'
      ORDER BY b.at DESC LIMIT %d
      """
          .formatted(MOST);

  /** The latest; none where a former version was installed. */
  static List<BypassTotal> read(Connection connection, String migration) throws SQLException {
    List<BypassTotal> totals = new ArrayList<>();
    try (Statement known = connection.createStatement();
        ResultSet result = known.executeQuery(KNOWN)) {
      if (!result.next() || !result.getBoolean(1)) {
        return totals;
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(LATEST)) {
      statement.setString(1, migration);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          totals.add(
              new BypassTotal(
                  result.getString(1),
                  result.getString(2),
                  result.getLong(3),
                  Instant.ofEpochMilli((long) result.getDouble(4)),
                  Instant.ofEpochMilli((long) result.getDouble(5))));
        }
      }
    }
    return totals;
  }
}
