package dev.crossfade.server.store;

import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.job.JobCommand;
import dev.crossfade.engine.job.JobRules;
import dev.crossfade.engine.job.JobVerdict;
import dev.crossfade.server.store.JobRow.EventKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Jobs, as people ask for them. Those who do them have {@link JobLeases}. */
public final class JobStore {
  private static final int ENDED_PER_MIGRATION_MAX = 200;
  private static final int EVENTS_MAX = 100;

  private static final String START =
      "INSERT INTO crossfade_control.job (migration, kind, chunk, most_pending,"
          + " replication_lag_millis, replication_bytes, again, rows_per_second, slowdown,"
          + " script_side, script_source, script, workers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?) ON CONFLICT (migration, kind) WHERE state IN ('QUEUED', 'RUNNING', 'PAUSED') DO"
          + " NOTHING RETURNING *";
  private static final String OPEN =
      "SELECT * FROM crossfade_control.job WHERE migration = ? AND kind = ? AND state IN ('QUEUED',"
          + " 'RUNNING', 'PAUSED')";
  private static final String TRIM =
      "DELETE FROM crossfade_control.job WHERE migration = ? AND ended_at IS NOT NULL AND id <="
          + " (SELECT id FROM crossfade_control.job WHERE migration = ? AND ended_at IS NOT NULL"
          + " ORDER BY id DESC OFFSET "
          + ENDED_PER_MIGRATION_MAX
          + " LIMIT 1)";
  private static final String UNMETERED =
      "SELECT name FROM crossfade_control.migration WHERE stage IN ('LIVE', 'RAMPDOWN') AND NOT"
          + " EXISTS (SELECT FROM crossfade_control.move WHERE move.migration = name AND move.state"
          + " = 'OPEN') AND NOT EXISTS (SELECT FROM crossfade_control.job WHERE job.migration ="
          + " name AND kind = 'ROLLBACK_LOSS' AND (ended_at IS NULL OR job.state <> 'DONE' AND"
          + " ended_at > clock_timestamp() - interval '30 seconds')) ORDER BY name";
  private static final String FIND = "SELECT * FROM crossfade_control.job WHERE id = ?";
  private static final String LIST =
      "SELECT * FROM crossfade_control.job WHERE ? IN ('', migration) ORDER BY ended_at IS NOT"
          + " NULL, id DESC LIMIT ?";
  private static final String CHANGE =
      "UPDATE crossfade_control.job SET state = ?, wanted = ?, ended_at = CASE WHEN ? THEN"
          + " clock_timestamp() END, error = '', waits = '' WHERE id = ? RETURNING *";
  private static final String NOTE_EVENT =
      "INSERT INTO crossfade_control.job_event (job, kind, actor, reason) VALUES (?, ?, ?, ?)";
  private static final String TRIM_EVENTS =
      "DELETE FROM crossfade_control.job_event WHERE job = ? AND number <= (SELECT number FROM"
          + " crossfade_control.job_event WHERE job = ? ORDER BY number DESC OFFSET "
          + EVENTS_MAX
          + " LIMIT 1)";
  private static final String EVENTS =
      "SELECT at, kind, actor, reason FROM crossfade_control.job_event WHERE job = ? ORDER BY"
          + " number";

  private final DataSource database;

  public JobStore(DataSource database) {
    this.database = database;
  }

  /** What is to be done. */
  public record Order(
      String migration, JobRow.Kind kind, JobRow.Settings settings, ChangeNote note) {}

  /**
   * What came of an order.
   *
   * @param isNew false when such a job was open already: then that one
   */
  public record Started(JobRow job, boolean isNew) {}

  /** What came of a command. */
  public record Changed(JobRow job, JobVerdict verdict) {}

  /** Queues a job, unless one of its kind is open for its migration. */
  public Started start(Order order) throws StoreException {
    return in(connection -> start(connection, order));
  }

  /** As {@link #start(Order)}, as a part of a transaction. */
  static Started start(Connection connection, Order order) throws SQLException {
    AuditLog.lock(connection);
    try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
      trim.setString(1, order.migration());
      trim.setString(2, order.migration());
      trim.executeUpdate();
    }
    JobRow before = open(connection, order.migration(), order.kind());
    JobRow job = before == null ? insert(connection, order) : null;
    if (job != null) {
      note(connection, job, EventKind.STARTED, order.note());
      return new Started(job, true);
    }
    // Null before: another one was faster than this.
    JobRow open = before == null ? open(connection, order.migration(), order.kind()) : before;
    if (open == null) {
      throw new SQLException("the job that was open has just ended");
    }
    return new Started(open, false);
  }

  private static @Nullable JobRow insert(Connection connection, Order order) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(START)) {
      insert.setString(1, order.migration());
      insert.setString(2, order.kind().name());
      JobRow.Limits limits = order.settings().limits();
      insert.setInt(3, order.settings().chunk());
      insert.setInt(4, limits.mostPending());
      insert.setLong(5, limits.replicationLag().toMillis());
      insert.setLong(6, limits.replicationBytes());
      insert.setBoolean(7, order.settings().again());
      insert.setInt(8, limits.rowsPerSecond());
      insert.setDouble(9, limits.slowdown());
      JobRow.Script script = order.settings().script();
      insert.setString(10, script == null ? null : script.side().name());
      insert.setString(11, script == null ? "" : script.source());
      insert.setString(12, script == null ? "" : script.text());
      insert.setInt(13, order.settings().workers());
      return one(insert);
    }
  }

  /** Decides a command and writes what it leads to; empty when there is no such job. */
  public Optional<Changed> change(long id, JobCommand command, ChangeNote note)
      throws StoreException {
    return in(
        connection -> {
          AuditLog.lock(connection);
          JobRow job = find(connection, FIND + " FOR UPDATE", id);
          if (job == null) {
            return Optional.empty();
          }
          JobVerdict verdict =
              JobRules.decide(id, job.standing().state(), job.standing().wish(), command);
          if (!(verdict instanceof JobVerdict.Changed changed)) {
            return Optional.of(new Changed(job, verdict));
          }
          JobRow open = open(connection, job.migration(), job.kind());
          if (open != null && open.id() != id && !changed.state().isEnded()) {
            return Optional.of(
                new Changed(
                    job,
                    new JobVerdict.Refused(
                        "job " + open.id() + " does the same and has not ended")));
          }
          JobRow after = write(connection, id, changed);
          note(connection, after, event(command), note);
          return Optional.of(new Changed(after, verdict));
        });
  }

  private static @Nullable JobRow open(Connection connection, String migration, JobRow.Kind kind)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OPEN)) {
      select.setString(1, migration);
      select.setString(2, kind.name());
      return one(select);
    }
  }

  private static JobRow write(Connection connection, long id, JobVerdict.Changed changed)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(CHANGE)) {
      update.setString(1, changed.state().name());
      update.setString(2, changed.wish().name());
      update.setBoolean(3, changed.state().isEnded());
      update.setLong(4, id);
      JobRow after = one(update);
      if (after == null) {
        throw new SQLException("a job that was locked is gone");
      }
      return after;
    }
  }

  private static EventKind event(JobCommand command) {
    return switch (command) {
      case PAUSE -> EventKind.PAUSED;
      case RESUME -> EventKind.RESUMED;
      case CANCEL -> EventKind.CANCELLED;
    };
  }

  private static void note(Connection connection, JobRow job, EventKind kind, ChangeNote note)
      throws SQLException {
    long id = job.id();
    JobRow.Script script = job.settings().script();
    AuditLog.append(
        connection,
        new AuditEntry(
            "job." + AuditLog.word(kind),
            job.migration(),
            AuditLog.author(note),
            AuditEntry.Difference.to(
                "job "
                    + id
                    + ", "
                    + AuditLog.word(job.kind())
                    + (script == null ? "" : " of " + script.source() + " on " + script.side()))));
    try (PreparedStatement insert = connection.prepareStatement(NOTE_EVENT)) {
      insert.setLong(1, id);
      insert.setString(2, kind.name());
      insert.setString(3, note.actor());
      insert.setString(4, note.reason());
      insert.executeUpdate();
    }
    try (PreparedStatement trim = connection.prepareStatement(TRIM_EVENTS)) {
      trim.setLong(1, id);
      trim.setLong(2, id);
      trim.executeUpdate();
    }
  }

  /** One job, or empty. */
  public Optional<JobRow> find(long id) throws StoreException {
    return in(connection -> Optional.ofNullable(find(connection, FIND, id)));
  }

  private static @Nullable JobRow find(Connection connection, String sql, long id)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, id);
      return one(select);
    }
  }

  /** What people did to it, oldest first. */
  public List<JobRow.Event> events(long id) throws StoreException {
    return in(
        connection -> {
          List<JobRow.Event> events = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                events.add(
                    new JobRow.Event(
                        Rows.instant(row, "at"),
                        EventKind.valueOf(row.getString("kind")),
                        new ChangeNote(row.getString("actor"), row.getString("reason"))));
              }
            }
          }
          return events;
        });
  }

  /**
   * Migrations whose new side has the authority while no job counts what a way back would lose;
   * just after one has failed, or was cancelled, none is missing.
   */
  public List<String> unmetered() throws StoreException {
    return in(
        connection -> {
          List<String> names = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(UNMETERED);
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              names.add(row.getString(1));
            }
          }
          return names;
        });
  }

  /** Those of one migration, or all when it is empty: first the open ones, then the newest. */
  public List<JobRow> list(String migration, int most) throws StoreException {
    return in(
        connection -> {
          List<JobRow> jobs = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(LIST)) {
            select.setString(1, migration);
            select.setInt(2, most);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                jobs.add(JobRows.read(row));
              }
            }
          }
          return jobs;
        });
  }

  private static @Nullable JobRow one(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? JobRows.read(row) : null;
    }
  }

  private <T> T in(Work<T> work) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the jobs could not be read or written", e);
    }
  }

  /** A transaction. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }
}
