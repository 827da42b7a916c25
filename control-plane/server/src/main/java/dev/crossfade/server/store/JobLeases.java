package dev.crossfade.server.store;

import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.server.store.JobRow.Progress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * Who works on which job. An owner holds a job for the time of a lease, by the clock of the control
 * plane's database, and renews it; whoever finds a lease run out takes the job over with the next
 * term. Whatever an owner writes is refused once there is a later term.
 */
public final class JobLeases {
  private static final String TURN =
      "SELECT pg_advisory_xact_lock(hashtextextended('crossfade_control.job', 0))";
  private static final String ANY_OPEN =
      "SELECT EXISTS (SELECT FROM crossfade_control.job WHERE state IN ('QUEUED', 'RUNNING'))";

  /** Of an owner that is gone, and of one that stops because it was asked to. */
  private static final String LEAVE =
      "UPDATE crossfade_control.job SET state = CASE wanted WHEN 'PAUSE' THEN 'PAUSED' WHEN"
          + " 'CANCEL' THEN 'CANCELLED' ELSE 'QUEUED' END, ended_at = CASE wanted WHEN 'CANCEL'"
          + " THEN clock_timestamp() END, lease_until = NULL, owner = '', rate = 0, waits = ''"
          + " WHERE state = 'RUNNING'";

  private static final String SETTLE =
      LEAVE + " AND wanted <> 'RUN' AND lease_until < clock_timestamp()";
  private static final String RELEASE = LEAVE + " AND id = ? AND term = ?";
  private static final String RUNNING =
      "SELECT count(*) FILTER (WHERE kind NOT IN ('CONTINUOUS_VERIFY', 'ROLLBACK_LOSS')), count(*)"
          + " FILTER (WHERE kind = 'CONTINUOUS_VERIFY'), count(*) FILTER (WHERE kind ="
          + " 'ROLLBACK_LOSS') FROM crossfade_control.job WHERE state = 'RUNNING' AND lease_until"
          + " >= clock_timestamp()";
  private static final String CANDIDATES =
      "SELECT * FROM crossfade_control.job WHERE state = 'QUEUED' OR state = 'RUNNING' AND"
          + " lease_until < clock_timestamp() ORDER BY id LIMIT 1000 FOR UPDATE";
  private static final String CLAIM =
      "UPDATE crossfade_control.job SET state = 'RUNNING', owner = ?, term = term + 1, lease_until"
          + " = clock_timestamp() + ? * interval '1 millisecond', started_at = coalesce(started_at,"
          + " clock_timestamp()), rate = 0, waits = '' WHERE id = ? RETURNING *";
  private static final String RENEW =
      "UPDATE crossfade_control.job SET lease_until = clock_timestamp() + ? * interval '1"
          + " millisecond' WHERE id = ? AND term = ? AND state = 'RUNNING' RETURNING *";
  private static final String NOTE =
      "UPDATE crossfade_control.job SET step = ?, done = ?, total = ?, rate = ?, failed = ?,"
          + " drifted = ?, repaired = ?, restless = ?, examples = ?, at_group = ?, at_list = ?,"
          + " at_key = ?, waits = ?, again = again AND NOT ? WHERE id = ? AND term = ? AND state ="
          + " 'RUNNING'";
  private static final String END =
      "UPDATE crossfade_control.job SET state = ?, error = ?, total = CASE WHEN ? THEN done ELSE"
          + " total END, ended_at = clock_timestamp(), lease_until = NULL, owner = '', rate = 0,"
          + " waits = '' WHERE id = ? AND term = ? AND state = 'RUNNING'";

  /** Of each kind. These never end, so others must not wait for them. */
  private static final int CONTINUOUS_MAX = 16;

  private final DataSource database;
  private final String owner;
  private final Duration lease;

  /**
   * @param owner this control plane, for people
   * @param lease how long a job is held without being renewed
   */
  public JobLeases(DataSource database, String owner, Duration lease) {
    this.database = database;
    this.owner = owner;
    this.lease = lease;
  }

  public Duration lease() {
    return lease;
  }

  /**
   * Takes the oldest job that nobody works on.
   *
   * @param mostRunning with that many at work in all control planes, none is taken; those that go
   *     on for ever are counted apart, each kind for itself
   * @param acceptable whether it can be done here
   */
  public Optional<JobRow> claim(int mostRunning, Predicate<JobRow> acceptable)
      throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Optional<JobRow> claimed =
            anyOpen(connection) ? claim(connection, mostRunning, acceptable) : Optional.empty();
        connection.commit();
        return claimed;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the jobs could not be looked through", e);
    }
  }

  private static boolean anyOpen(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(ANY_OPEN);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private Optional<JobRow> claim(
      Connection connection, int mostRunning, Predicate<JobRow> acceptable) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TURN);
      statement.execute(SETTLE);
    }
    Room room;
    try (PreparedStatement select = connection.prepareStatement(RUNNING);
        ResultSet row = select.executeQuery()) {
      row.next();
      room =
          new Room(
              row.getInt(1) < mostRunning,
              row.getInt(2) < CONTINUOUS_MAX,
              row.getInt(3) < CONTINUOUS_MAX);
    }
    for (JobRow candidate : candidates(connection)) {
      if (room.isFor(candidate.kind()) && acceptable.test(candidate)) {
        try (PreparedStatement update = connection.prepareStatement(CLAIM)) {
          update.setString(1, owner);
          update.setLong(2, lease.toMillis());
          update.setLong(3, candidate.id());
          try (ResultSet row = update.executeQuery()) {
            row.next();
            return Optional.of(JobRows.read(row));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Whether there is any for jobs that end, for verifications that go on, and for meters. */
  private record Room(boolean ending, boolean verifications, boolean meters) {
    boolean isFor(JobRow.Kind kind) {
      return switch (kind) {
        case BACKFILL, VERIFY, REPAIR, APPLY, LENS_CHECK -> ending;
        case CONTINUOUS_VERIFY -> verifications;
        case ROLLBACK_LOSS -> meters;
      };
    }
  }

  private static List<JobRow> candidates(Connection connection) throws SQLException {
    List<JobRow> jobs = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(CANDIDATES);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        jobs.add(JobRows.read(row));
      }
    }
    return jobs;
  }

  /** Holds it for another lease; empty when it is no longer this owner's. */
  public Optional<JobRow> renew(JobRow job) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(RENEW)) {
      update.setLong(1, lease.toMillis());
      update.setLong(2, job.id());
      update.setLong(3, job.standing().term());
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? Optional.of(JobRows.read(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("the lease of a job could not be renewed", e);
    }
  }

  /**
   * Writes how far it has come.
   *
   * @param waits why it does not get on; empty when it does
   * @param begun whether it has begun at the beginning, if it was to
   * @return false when it is no longer this owner's
   */
  public boolean note(JobRow job, Progress progress, String waits, boolean begun)
      throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(NOTE)) {
      update.setString(1, progress.step());
      update.setLong(2, progress.size().done());
      update.setLong(3, progress.size().total());
      update.setDouble(4, progress.size().rate());
      update.setLong(5, progress.counts().failed());
      update.setLong(6, progress.counts().drifted());
      update.setLong(7, progress.counts().repaired());
      update.setLong(8, progress.counts().restless());
      update.setArray(9, connection.createArrayOf("text", progress.examples().toArray()));
      update.setString(10, progress.place().group());
      update.setInt(11, progress.place().list());
      List<String> after = progress.place().after();
      update.setArray(12, after == null ? null : connection.createArrayOf("text", after.toArray()));
      update.setString(13, waits);
      update.setBoolean(14, begun);
      update.setLong(15, job.id());
      update.setLong(16, job.standing().term());
      return update.executeUpdate() > 0;
    } catch (SQLException e) {
      throw new StoreException("the progress of a job could not be written", e);
    }
  }

  /** Leaves it as people want it: paused, cancelled, or for whoever takes it next. */
  public void release(JobRow job) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(RELEASE)) {
      update.setLong(1, job.id());
      update.setLong(2, job.standing().term());
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("a job could not be released", e);
    }
  }

  /**
   * It is done, or has failed.
   *
   * @param error empty when it is done
   */
  public void end(JobRow job, String error) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        end(connection, job, error);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the end of a job could not be written", e);
    }
  }

  private static void end(Connection connection, JobRow job, String error) throws SQLException {
    AuditLog.lock(connection);
    try (PreparedStatement update = connection.prepareStatement(END)) {
      update.setString(1, error.isEmpty() ? "DONE" : "FAILED");
      update.setString(2, error);
      update.setBoolean(3, error.isEmpty());
      update.setLong(4, job.id());
      update.setLong(5, job.standing().term());
      if (update.executeUpdate() == 0) {
        return;
      }
    }
    AuditLog.append(
        connection,
        new AuditEntry(
            error.isEmpty() ? "job.done" : "job.failed",
            job.migration(),
            AuditEntry.Author.of("control plane", error),
            AuditEntry.Difference.to("job " + job.id() + ", " + AuditLog.word(job.kind()))));
  }
}
