package dev.crossfade.server.store;

import dev.crossfade.core.migration.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Passes over all of a migration's entities: when they begin and what they come to. Like all that a
 * job writes, a pass is refused once somebody else has taken the job over.
 */
public final class VerificationStore {
  private static final String BEGIN =
      "UPDATE crossfade_control.job SET pass_began_at = clock_timestamp(), pass_authority = ?,"
          + " pass_epoch = ?, step = '', done = 0, failed = 0, drifted = 0, repaired = 0, restless"
          + " = 0, examples = '{}', at_group = '', at_list = 0, at_key = NULL WHERE id = ? AND term"
          + " = ? AND state = 'RUNNING' RETURNING *";

  /** Of a pass that was paused for long, others may have seen more recent times. */
  private static final String END =
      "WITH ended AS (SELECT * FROM crossfade_control.job WHERE id = ? AND term = ? AND state ="
          + " 'RUNNING' AND pass_began_at IS NOT NULL FOR UPDATE), told AS (INSERT INTO"
          + " crossfade_control.verification AS v (migration, began_at, ended_at, authority, epoch,"
          + " rows, drifted, restless, examples, backfilled) SELECT migration, pass_began_at,"
          + " clock_timestamp(), pass_authority, pass_epoch, ?, ?, ?, ?, ? FROM ended ON CONFLICT"
          + " (migration) DO UPDATE SET began_at = excluded.began_at, ended_at ="
          + " excluded.ended_at, authority = excluded.authority, epoch = excluded.epoch, rows ="
          + " excluded.rows, drifted = excluded.drifted, restless = excluded.restless, examples ="
          + " excluded.examples, backfilled = excluded.backfilled WHERE v.began_at <="
          + " excluded.began_at) UPDATE crossfade_control.job SET passes = passes + 1,"
          + " pass_began_at = NULL WHERE id = (SELECT id FROM ended) RETURNING *";

  private static final String VERIFIED =
      "SELECT *, backfilled AND NOT EXISTS (SELECT FROM crossfade_control.job WHERE job.migration ="
          + " v.migration AND kind = 'BACKFILL' AND (ended_at IS NULL OR ended_at > began_at)) AS"
          + " after_backfill FROM crossfade_control.verification AS v WHERE migration = ?";

  private final DataSource database;

  public VerificationStore(DataSource database) {
    this.database = database;
  }

  /**
   * The latest pass that came to its end.
   *
   * @param asOf when it began, by the clock of the control plane's database: all that was committed
   *     before that has been compared
   * @param isAfterBackfill whether no backfill has run or stopped before its end since then
   */
  public record Verified(
      Instant asOf, Instant endedAt, Direction direction, Found found, boolean isAfterBackfill) {}

  /**
   * Which way it was compared.
   *
   * @param epoch of the fence; 0 where none is installed
   */
  public record Direction(Side authority, long epoch) {}

  /**
   * What it found.
   *
   * @param rows that were compared
   * @param drifted entities that are not equal, and were not made equal; their differences were
   *     seen again when nothing was on its way
   * @param restless entities that were never at rest, so that nothing can be said of them
   * @param examples of the drifted: the group's name and the key
   */
  public record Found(long rows, long drifted, long restless, List<String> examples) {
    public Found {
      examples = List.copyOf(examples);
    }
  }

  /** What is known of a migration; empty when no pass over it has come to its end yet. */
  public Optional<Verified> verifiedAsOf(String migration) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(VERIFIED)) {
      select.setString(1, migration);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(verified(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("the verifications could not be read", e);
    }
  }

  private static Verified verified(ResultSet row) throws SQLException {
    return new Verified(
        Rows.instant(row, "began_at"),
        Rows.instant(row, "ended_at"),
        new Direction(Side.valueOf(row.getString("authority")), row.getLong("epoch")),
        new Found(
            row.getLong("rows"),
            row.getLong("drifted"),
            row.getLong("restless"),
            List.of((String[]) row.getArray("examples").getArray())),
        row.getBoolean("after_backfill"));
  }

  /** A pass begins at the beginning; empty when the job is no longer this owner's. */
  public Optional<JobRow> begin(JobRow job, Direction direction) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(BEGIN)) {
      update.setString(1, direction.authority().name());
      update.setLong(2, direction.epoch());
      update.setLong(3, job.id());
      update.setLong(4, job.standing().term());
      return one(update);
    } catch (SQLException e) {
      throw new StoreException("the beginning of a pass could not be written", e);
    }
  }

  /**
   * The pass that is under way has come to its end.
   *
   * @param isBackfilled whether no backfill had stopped before its end
   * @return empty when the job is no longer this owner's
   */
  public Optional<JobRow> end(JobRow job, Found found, boolean isBackfilled) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(END)) {
      update.setLong(1, job.id());
      update.setLong(2, job.standing().term());
      update.setLong(3, found.rows());
      update.setLong(4, found.drifted());
      update.setLong(5, found.restless());
      update.setArray(6, connection.createArrayOf("text", found.examples().toArray()));
      update.setBoolean(7, isBackfilled);
      return one(update);
    } catch (SQLException e) {
      throw new StoreException("the end of a pass could not be written", e);
    }
  }

  private static Optional<JobRow> one(PreparedStatement update) throws SQLException {
    try (ResultSet row = update.executeQuery()) {
      return row.next() ? Optional.of(JobRows.read(row)) : Optional.empty();
    }
  }
}
