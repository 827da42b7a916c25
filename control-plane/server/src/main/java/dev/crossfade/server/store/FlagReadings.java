package dev.crossfade.server.store;

import dev.crossfade.core.migration.ReadShare;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What was last read of the flags that migrations follow, by whoever holds the {@link FlagLease}.
 */
public final class FlagReadings {
  private static final String PUT =
      "INSERT INTO crossfade_control.flag_reading AS r (migration, flag, read_buckets, origin,"
          + " since, problem) SELECT ?, ?, ?, ?, clock_timestamp(), ? FROM"
          + " crossfade_control.flag_follower WHERE term = ? ON CONFLICT (migration) DO UPDATE SET"
          + " flag = excluded.flag, read_buckets = excluded.read_buckets, origin ="
          + " excluded.origin, since = CASE WHEN r.flag = excluded.flag AND r.read_buckets ="
          + " excluded.read_buckets THEN r.since ELSE excluded.since END, problem ="
          + " excluded.problem";
  private static final String PUT_PROBLEM =
      "INSERT INTO crossfade_control.flag_reading AS r (migration, flag, origin, problem) SELECT ?,"
          + " ?, '', ? FROM crossfade_control.flag_follower WHERE term = ? ON CONFLICT (migration)"
          + " DO UPDATE SET problem = excluded.problem, read_buckets = CASE WHEN r.flag ="
          + " excluded.flag THEN r.read_buckets END, since = CASE WHEN r.flag = excluded.flag THEN"
          + " r.since END, origin = CASE WHEN r.flag = excluded.flag THEN r.origin ELSE '' END,"
          + " flag = excluded.flag";
  private static final String READ =
      "SELECT r.*, f.heard_at, f.problem AS away, f.owner, coalesce(f.heard_at + f.stale_after <"
          + " clock_timestamp(), true) AS stale FROM crossfade_control.flag_follower AS f LEFT JOIN"
          + " crossfade_control.flag_reading AS r ON r.migration = ? AND r.flag = ?";

  private final DataSource database;

  public FlagReadings(DataSource database) {
    this.database = database;
  }

  /**
   * What a flag asks for.
   *
   * @param origin where it stands
   */
  public record Value(ReadShare reads, String origin) {}

  /**
   * What is known of a flag.
   *
   * @param value null when nothing usable was read yet
   * @param since when the flag was first seen to ask for it; null with the value
   * @param problem why what Unleash says now cannot be used; empty when it can
   * @param heardAt when Unleash last answered; null when it never has
   * @param isStale whether that is too long ago
   * @param follower who asks Unleash; empty when nobody does
   */
  public record Reading(
      @Nullable Value value,
      @Nullable Instant since,
      String problem,
      @Nullable Instant heardAt,
      boolean isStale,
      String follower) {}

  /**
   * What a flag asks for now.
   *
   * @param problem why that is not done; empty when it is
   */
  public void put(long term, String migration, String flag, Value value, String problem)
      throws StoreException {
    run(
        PUT,
        update -> {
          update.setString(1, migration);
          update.setString(2, flag);
          update.setInt(3, value.reads().buckets());
          update.setString(4, value.origin());
          update.setString(5, problem);
          update.setLong(6, term);
        });
  }

  /** What a flag asks for cannot be used: what was last read stays. */
  public void putProblem(long term, String migration, String flag, String problem)
      throws StoreException {
    run(
        PUT_PROBLEM,
        update -> {
          update.setString(1, migration);
          update.setString(2, flag);
          update.setString(3, problem);
          update.setLong(4, term);
        });
  }

  /** What is known of the flag that a migration follows. */
  public Optional<Reading> reading(String migration, String flag) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(READ)) {
      select.setString(1, migration);
      select.setString(2, flag);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(reading(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("what a flag says could not be read", e);
    }
  }

  private static Reading reading(ResultSet row) throws SQLException {
    int buckets = row.getInt("read_buckets");
    boolean isKnown = !row.wasNull();
    String own = row.getString("problem");
    String away = row.getString("away");
    return new Reading(
        isKnown ? new Value(new ReadShare(buckets), row.getString("origin")) : null,
        isKnown ? Rows.instant(row, "since") : null,
        away.isEmpty() ? own == null ? "" : own : away,
        row.getObject("heard_at") == null ? null : Rows.instant(row, "heard_at"),
        row.getBoolean("stale"),
        row.getString("owner"));
  }

  private void run(String sql, Binding binding) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      binding.bind(update);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("what a flag says could not be written", e);
    }
  }

  /** Gives a statement its parameters. */
  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }
}
