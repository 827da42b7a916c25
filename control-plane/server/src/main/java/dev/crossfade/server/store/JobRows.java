package dev.crossfade.server.store;

import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.job.JobState;
import dev.crossfade.engine.job.JobWish;
import dev.crossfade.server.store.JobRow.Counts;
import dev.crossfade.server.store.JobRow.Kind;
import dev.crossfade.server.store.JobRow.Limits;
import dev.crossfade.server.store.JobRow.Pass;
import dev.crossfade.server.store.JobRow.Place;
import dev.crossfade.server.store.JobRow.Progress;
import dev.crossfade.server.store.JobRow.Script;
import dev.crossfade.server.store.JobRow.Settings;
import dev.crossfade.server.store.JobRow.Size;
import dev.crossfade.server.store.JobRow.Standing;
import dev.crossfade.server.store.JobRow.Times;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a job stands in a row. */
final class JobRows {
  private JobRows() {}

  static JobRow read(ResultSet row) throws SQLException {
    return new JobRow(
        row.getLong("id"),
        row.getString("migration"),
        Kind.valueOf(row.getString("kind")),
        new Standing(
            JobState.valueOf(row.getString("state")),
            JobWish.valueOf(row.getString("wanted")),
            row.getString("owner"),
            row.getLong("term"),
            row.getString("waits"),
            row.getString("error")),
        new Settings(
            row.getInt("chunk"),
            row.getInt("workers"),
            row.getBoolean("again"),
            new Limits(
                row.getInt("most_pending"),
                Duration.ofMillis(row.getLong("replication_lag_millis")),
                row.getLong("replication_bytes"),
                row.getInt("rows_per_second"),
                row.getDouble("slowdown")),
            script(row)),
        new Times(
            Rows.instant(row, "created_at"), moment(row, "started_at"), moment(row, "ended_at")),
        progress(row),
        pass(row));
  }

  private static @Nullable Script script(ResultSet row) throws SQLException {
    String side = row.getString("script_side");
    return side == null
        ? null
        : new Script(Side.valueOf(side), row.getString("script_source"), row.getString("script"));
  }

  private static Pass pass(ResultSet row) throws SQLException {
    String authority = row.getString("pass_authority");
    return new Pass(
        row.getLong("passes"),
        moment(row, "pass_began_at"),
        authority == null ? null : Side.valueOf(authority),
        row.getLong("pass_epoch"));
  }

  private static Progress progress(ResultSet row) throws SQLException {
    List<String> examples = texts(row.getArray("examples"));
    return new Progress(
        row.getString("step"),
        new Size(row.getLong("done"), row.getLong("total"), row.getDouble("rate")),
        new Counts(
            row.getLong("failed"),
            row.getLong("drifted"),
            row.getLong("repaired"),
            row.getLong("restless")),
        examples == null ? List.of() : examples,
        new Place(row.getString("at_group"), row.getInt("at_list"), texts(row.getArray("at_key"))));
  }

  private static @Nullable List<String> texts(@Nullable Array array) throws SQLException {
    return array == null ? null : List.of((String[]) array.getArray());
  }

  private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
