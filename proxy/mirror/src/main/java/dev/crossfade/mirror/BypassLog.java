package dev.crossfade.mirror;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who writes one group's tables past every sidecar. Capture notes it with each change; when these
 * have left the log, it is added up in {@code crossfade.bypass}: nothing is counted twice, and a
 * crash in between forgets a count. What a former version has installed knows nothing of it, and
 * nobody is found.
 */
final class BypassLog {
  private static final int WRITERS_MAX = 1_000;

  private static final String KNOWN =
      """
      SELECT EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = to_regclass('crossfade.mutation') AND attname = 'bypass' AND NOT attisdropped)
        AND COALESCE(bool_and(has_table_privilege(to_regclass('crossfade.bypass'), p)), false)
      FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p
      """;

  /** Applications that give themselves a new name each time must not fill the table. */
  private static final String NOTE =
      """
      SET LOCAL lock_timeout = 100;
      DELETE FROM crossfade.bypass WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM crossfade.bypass WHERE at < clock_timestamp() - interval '1 day' FOR UPDATE SKIP LOCKED));
      INSERT INTO crossfade.bypass AS b (entity_group, writer, changes, since, at)
      SELECT g.number, CASE WHEN (SELECT count(*) FROM crossfade.bypass) < %d THEN g.writer ELSE 'others/' END,
        g.changes, clock_timestamp(), clock_timestamp()
      FROM (SELECT CAST(? AS int) AS number, CAST(? AS text) AS writer, CAST(? AS bigint) AS changes) AS g
      ON CONFLICT (entity_group, writer) DO UPDATE SET changes = b.changes + excluded.changes, at = excluded.at
      """
          .formatted(WRITERS_MAX);

  /** The newest are at the end of the log: it may be long. */
  private static final String WAITING =
      """
      SELECT bypass, count(*) FROM (
        SELECT bypass FROM crossfade.mutation WHERE entity_group = ? ORDER BY id DESC LIMIT 1000) AS m
      WHERE bypass IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 20
      """;

  private final Connection connection;
  private final int group;
  private final String tables;
  private boolean known;

  BypassLog(Connection connection, int group, String tables) throws SQLException {
    this.connection = connection;
    this.group = group;
    this.tables = tables;
    look();
  }

  /** Capture may be installed anew at any time. */
  void look() throws SQLException {
    if (!known) {
      try (PreparedStatement statement = connection.prepareStatement(KNOWN);
          ResultSet result = statement.executeQuery()) {
        result.next();
        known = result.getBoolean(1);
      } finally {
        connection.commit();
      }
    }
  }

  /** Of a row of the log, as SQL: who wrote it past every sidecar; NULL when nobody did. */
  String column() {
    return known ? "bypass" : "CAST(NULL AS text)";
  }

  /**
   * They have left the log.
   *
   * @param writers each change's
   */
  List<Bypass> note(List<@Nullable String> writers) throws SQLException {
    Map<String, Long> changes = new LinkedHashMap<>();
    for (String writer : writers) {
      if (writer != null) {
        changes.merge(writer, 1L, Long::sum);
      }
    }
    List<Bypass> noted = new ArrayList<>();
    // In one order for everybody, for the rows stay locked until the end.
    for (String writer : changes.keySet().stream().sorted().toList()) {
      long count = changes.getOrDefault(writer, 0L);
      try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
        statement.setInt(1, group);
        statement.setString(2, writer);
        statement.setLong(3, count);
        statement.execute();
      }
      noted.add(new Bypass(tables, writer, count));
    }
    return noted;
  }

  /** Those that have not left the log, among the newest. */
  List<Bypass> waiting() throws SQLException {
    List<Bypass> waiting = new ArrayList<>();
    if (known) {
      try (PreparedStatement statement = connection.prepareStatement(WAITING)) {
        statement.setInt(1, group);
        try (ResultSet result = statement.executeQuery()) {
          while (result.next()) {
            waiting.add(new Bypass(tables, result.getString(1), result.getLong(2)));
          }
        }
      } finally {
        connection.commit();
      }
    }
    return waiting;
  }
}
