package dev.crossfade.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What checking the laws of lenses on data has found. */
public final class LensCheckStore {
  private static final String END =
      "WITH ended AS (SELECT * FROM crossfade_control.job WHERE id = ? AND term = ? AND state ="
          + " 'RUNNING' AND pass_began_at IS NOT NULL FOR UPDATE), told AS (INSERT INTO"
          + " crossfade_control.lens_check AS c (migration, began_at, ended_at, file_hash, rows,"
          + " lost, findings, examples) SELECT migration, pass_began_at, clock_timestamp(), ?, ?,"
          + " ?, ?, ? FROM ended ON CONFLICT (migration) DO UPDATE SET began_at ="
          + " excluded.began_at, ended_at = excluded.ended_at, file_hash = excluded.file_hash, rows"
          + " = excluded.rows, lost = excluded.lost, findings = excluded.findings, examples ="
          + " excluded.examples WHERE c.began_at <= excluded.began_at) UPDATE crossfade_control.job"
          + " SET passes = passes + 1, pass_began_at = NULL WHERE id = (SELECT id FROM ended)"
          + " RETURNING *";
  private static final String CHECKED =
      "SELECT * FROM crossfade_control.lens_check WHERE migration = ?";

  private final DataSource database;

  LensCheckStore(DataSource database) {
    this.database = database;
  }

  /**
   * What was found.
   *
   * @param rows of old that were looked at
   * @param lost rows and values of these that do not come back, each counted for itself
   * @param findings sentences that say what is lost
   * @param examples where, and the row's key
   */
  public record Found(long rows, long lost, List<String> findings, List<String> examples) {
    public Found {
      findings = List.copyOf(findings);
      examples = List.copyOf(examples);
    }
  }

  /**
   * The latest check that came to its end.
   *
   * @param asOf when it began, by the clock of the control plane's database
   * @param fileHash which migration file it was, as {@link
   *     dev.crossfade.engine.catalog.MigrationText#hash}
   */
  public record Checked(Instant asOf, Instant endedAt, String fileHash, Found found) {}

  /** What is known of a migration; empty when no check has come to its end yet. */
  public Optional<Checked> checkedAsOf(String migration) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(CHECKED)) {
      select.setString(1, migration);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(checked(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("the checks of lenses could not be read", e);
    }
  }

  private static Checked checked(ResultSet row) throws SQLException {
    return new Checked(
        Rows.instant(row, "began_at"),
        Rows.instant(row, "ended_at"),
        row.getString("file_hash"),
        new Found(
            row.getLong("rows"),
            row.getLong("lost"),
            List.of((String[]) row.getArray("findings").getArray()),
            List.of((String[]) row.getArray("examples").getArray())));
  }

  /**
   * A job's check has come to its end.
   *
   * @return empty when the job is no longer this owner's
   */
  public Optional<JobRow> end(JobRow job, String fileHash, Found found) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(END)) {
      update.setLong(1, job.id());
      update.setLong(2, job.standing().term());
      update.setString(3, fileHash);
      update.setLong(4, found.rows());
      update.setLong(5, found.lost());
      update.setArray(6, connection.createArrayOf("text", found.findings().toArray()));
      update.setArray(7, connection.createArrayOf("text", found.examples().toArray()));
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? Optional.of(JobRows.read(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("the check of a lens could not be written", e);
    }
  }
}
