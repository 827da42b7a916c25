package dev.crossfade.server.store;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.Rollout;
import dev.crossfade.engine.rollout.RolloutState;
import dev.crossfade.server.store.RolloutRow.Counting;
import dev.crossfade.server.store.RolloutRow.Story;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a rollout stands in a row. */
final class RolloutRows {
  private static final String INSERT =
      "INSERT INTO crossfade_control.rollout (migration, file_hash, started_by, state, step,"
          + " reason, since, watched, stage, read_buckets, baseline) VALUES (?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?, ?, ?) RETURNING *";
  private static final String UPDATE =
      "UPDATE crossfade_control.rollout SET state = ?, step = ?, reason = ?, since = ?, watched ="
          + " ?, stage = ?, read_buckets = ?, move = ?, job = ?, confirmed = ?, baseline = ?,"
          + " broken = ?::jsonb, waits = ?, ended_at = CASE WHEN ? THEN clock_timestamp() END WHERE"
          + " id = ? RETURNING *";

  /** What {@link #broken} writes. */
  private static final Pattern BROKEN = Pattern.compile("\"([A-Za-z0-9.]+)\": ?(\\d+)");

  private RolloutRows() {}

  static RolloutRow read(ResultSet row) throws SQLException {
    Rollout rollout =
        new Rollout(
            row.getLong("id"),
            RolloutState.valueOf(row.getString("state")),
            row.getInt("step"),
            new Plan.Standing(
                Stage.valueOf(row.getString("stage")), new ReadShare(row.getInt("read_buckets"))),
            new Rollout.Work(row.getLong("move"), row.getLong("job"), row.getBoolean("confirmed")),
            new Rollout.Status(
                row.getString("reason"), Rows.instant(row, "since"), row.getBoolean("watched")));
    OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
    return new RolloutRow(
        row.getString("migration"),
        row.getString("file_hash"),
        rollout,
        new Counting(Baselines.read(row.getBytes("baseline")), broken(row.getString("broken"))),
        new Story(
            Rows.instant(row, "started_at"),
            row.getString("started_by"),
            row.getString("waits"),
            ended == null ? null : ended.toInstant()));
  }

  static RolloutRow insert(Connection connection, RolloutRow row) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      Rollout rollout = row.rollout();
      insert.setString(1, row.migration());
      insert.setString(2, row.fileHash());
      insert.setString(3, row.story().startedBy());
      insert.setString(4, rollout.state().name());
      insert.setInt(5, rollout.step());
      insert.setString(6, rollout.status().reason());
      insert.setObject(7, Rows.timestamp(rollout.status().since()));
      insert.setBoolean(8, rollout.status().isWatched());
      insert.setString(9, rollout.believed().stage().name());
      insert.setInt(10, rollout.believed().reads().buckets());
      insert.setBytes(11, Baselines.bytes(row.counting().baseline()));
      return one(insert);
    }
  }

  static RolloutRow update(Connection connection, RolloutRow row, String waits)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      Rollout rollout = row.rollout();
      update.setString(1, rollout.state().name());
      update.setInt(2, rollout.step());
      update.setString(3, rollout.status().reason());
      update.setObject(4, Rows.timestamp(rollout.status().since()));
      update.setBoolean(5, rollout.status().isWatched());
      update.setString(6, rollout.believed().stage().name());
      update.setInt(7, rollout.believed().reads().buckets());
      update.setLong(8, rollout.work().move());
      update.setLong(9, rollout.work().job());
      update.setBoolean(10, rollout.work().isConfirmed());
      update.setBytes(11, Baselines.bytes(row.counting().baseline()));
      update.setString(12, broken(row.counting().brokenSince()));
      update.setString(13, waits);
      update.setBoolean(14, rollout.state().isEnd());
      update.setLong(15, rollout.id());
      return one(update);
    }
  }

  private static RolloutRow one(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("a rollout that was locked is gone");
      }
      return read(row);
    }
  }

  /** Names of guards need no escapes. */
  private static String broken(Map<String, Instant> since) {
    StringBuilder json = new StringBuilder("{");
    since.forEach(
        (guard, at) ->
            json.append(json.length() == 1 ? "" : ", ")
                .append('"')
                .append(guard)
                .append("\": ")
                .append(at.toEpochMilli()));
    return json.append('}').toString();
  }

  private static Map<String, Instant> broken(String json) {
    Map<String, Instant> since = new HashMap<>();
    Matcher matcher = BROKEN.matcher(json);
    while (matcher.find()) {
      since.put(matcher.group(1), Instant.ofEpochMilli(Long.parseLong(matcher.group(2))));
    }
    return since;
  }
}
