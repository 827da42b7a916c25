package dev.crossfade.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What moving the authority back to old would lose, as it was last measured. As with {@link
 * VerificationStore} a measurement counts from its beginning, once it has come to its end.
 */
public final class LossStore {
  private static final String PUT =
      "INSERT INTO crossfade_control.rollback_loss AS r (migration, began_at, ended_at, epoch,"
          + " rows, lost, undecided, examples) ";
  private static final String IF_NEWER =
      " ON CONFLICT (migration) DO UPDATE SET began_at = excluded.began_at, ended_at ="
          + " excluded.ended_at, epoch = excluded.epoch, rows = excluded.rows, lost ="
          + " excluded.lost, undecided = excluded.undecided, examples = excluded.examples WHERE"
          + " r.began_at <= excluded.began_at";
  private static final String END =
      "WITH ended AS (SELECT * FROM crossfade_control.job WHERE id = ? AND term = ? AND state ="
          + " 'RUNNING' AND pass_began_at IS NOT NULL FOR UPDATE), told AS ("
          + PUT
          + "SELECT migration, pass_began_at, clock_timestamp(), pass_epoch, ?, ?, ?, ? FROM ended"
          + IF_NEWER
          + ") UPDATE crossfade_control.job SET passes = passes + 1, pass_began_at = NULL WHERE id"
          + " = (SELECT id FROM ended) RETURNING *";
  private static final String KEEP =
      PUT
          + "VALUES (?, clock_timestamp() - ? * interval '1 millisecond', clock_timestamp(), ?, ?,"
          + " ?, ?, ?)"
          + IF_NEWER;

  /** Of an earlier time with new it says nothing. */
  private static final String MEASURED =
      "SELECT * FROM crossfade_control.rollback_loss AS r WHERE migration = ? AND epoch >="
          + " coalesce((SELECT max(epoch) FROM crossfade_control.move AS m WHERE m.migration ="
          + " r.migration AND m.state = 'DONE'), 0)";

  private final DataSource database;

  LossStore(DataSource database) {
    this.database = database;
  }

  /**
   * What would be lost.
   *
   * @param rows of new that were looked at
   * @param lost entities that would not be as they are
   * @param undecided entities that were on their way when they were looked at
   * @param examples of the lost: the group's name and the key
   */
  public record Loss(long rows, long lost, long undecided, List<String> examples) {
    public Loss {
      examples = List.copyOf(examples);
    }
  }

  /**
   * The latest measurement that came to its end.
   *
   * @param asOf when it began, by the clock of the control plane's database
   * @param epoch of the fence then
   */
  public record Measured(Instant asOf, Instant endedAt, long epoch, Loss loss) {}

  /**
   * What is known of a migration; empty when nothing was measured since the authority last moved.
   */
  public Optional<Measured> lossAsOf(String migration) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(MEASURED)) {
      select.setString(1, migration);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(measured(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("what a way back would lose could not be read", e);
    }
  }

  private static Measured measured(ResultSet row) throws SQLException {
    return new Measured(
        Rows.instant(row, "began_at"),
        Rows.instant(row, "ended_at"),
        row.getLong("epoch"),
        new Loss(
            row.getLong("rows"),
            row.getLong("lost"),
            row.getLong("undecided"),
            List.of((String[]) row.getArray("examples").getArray())));
  }

  /**
   * A job's pass has come to its end.
   *
   * @return empty when the job is no longer this owner's
   */
  public Optional<JobRow> end(JobRow job, Loss loss) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(END)) {
      update.setLong(1, job.id());
      update.setLong(2, job.standing().term());
      bind(update, 3, loss);
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? Optional.of(JobRows.read(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("what a way back would lose could not be written", e);
    }
  }

  /**
   * Somebody else has measured it.
   *
   * @param took since it began
   */
  public void keep(String migration, Duration took, long epoch, Loss loss) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement(KEEP)) {
      insert.setString(1, migration);
      insert.setLong(2, took.toMillis());
      insert.setLong(3, epoch);
      bind(insert, 4, loss);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("what a way back would lose could not be written", e);
    }
  }

  private static void bind(PreparedStatement statement, int first, Loss loss) throws SQLException {
    statement.setLong(first, loss.rows());
    statement.setLong(first + 1, loss.lost());
    statement.setLong(first + 2, loss.undecided());
    statement.setArray(
        first + 3, statement.getConnection().createArrayOf("text", loss.examples().toArray()));
  }
}
