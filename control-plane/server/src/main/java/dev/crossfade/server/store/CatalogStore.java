package dev.crossfade.server.store;

import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.CatalogRules;
import dev.crossfade.engine.catalog.CatalogView;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Moment;
import dev.crossfade.engine.catalog.Move;
import dev.crossfade.engine.catalog.MoveEnd;
import dev.crossfade.engine.catalog.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The catalog in its tables. A change locks the one row of {@code catalog}, lets the engine decide
 * on the state under that lock, and commits state, history, audit and notification together; so
 * versions have no gaps and commit in their order.
 */
public final class CatalogStore {
  static final String CHANNEL = "crossfade_control_catalog";

  private static final int HISTORY_PER_MIGRATION_MAX = 1_000;
  private static final String LOCK =
      "SELECT version, clock_timestamp() AS now FROM crossfade_control.catalog FOR UPDATE";
  private static final String SIZE =
      "SELECT count(*) AS migrations, coalesce(sum(octet_length(yaml)), 0) AS bytes FROM"
          + " crossfade_control.migration";
  private static final String ENTRIES =
      "SELECT e.*, "
          + MoveRows.COLUMNS
          + " FROM crossfade_control.migration AS e LEFT JOIN crossfade_control.move AS m ON"
          + " m.migration = e.name AND m.state = 'OPEN' ";
  private static final String ENTRY = ENTRIES + "WHERE e.name = ?";
  private static final String ENTRIES_AFTER = ENTRIES + "WHERE e.version > ? ORDER BY e.name";
  private static final String HOLD =
      "SELECT FROM crossfade_control.move WHERE id = ? AND term = ? AND state = 'OPEN' FOR UPDATE";
  private static final String PUT_ENTRY =
      "INSERT INTO crossfade_control.migration ("
          + Rows.ENTRY_COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT"
          + " (name) DO UPDATE SET version = excluded.version, yaml = excluded.yaml, source ="
          + " excluded.source, stage = excluded.stage, read_buckets = excluded.read_buckets,"
          + " stickiness = excluded.stickiness, updated_at = excluded.updated_at, checked_at ="
          + " excluded.checked_at, checked_by = excluded.checked_by, checked_old ="
          + " excluded.checked_old, checked_new = excluded.checked_new, checked_fingerprint ="
          + " excluded.checked_fingerprint, checked_warnings = excluded.checked_warnings, freshness"
          + " = excluded.freshness, ack = excluded.ack, bucket_group = excluded.bucket_group, flag"
          + " = excluded.flag, flag_taken_by = excluded.flag_taken_by, flag_taken_at ="
          + " excluded.flag_taken_at";
  private static final String PUT_CHANGE =
      "INSERT INTO crossfade_control.change ("
          + Rows.CHANGE_COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String TRIM_CHANGES =
      "DELETE FROM crossfade_control.change WHERE migration = ? AND version <= (SELECT version FROM"
          + " crossfade_control.change WHERE migration = ? ORDER BY version DESC OFFSET "
          + HISTORY_PER_MIGRATION_MAX
          + " LIMIT 1)";
  private static final String CHANGES_AFTER =
      "SELECT "
          + Rows.CHANGE_COLUMNS
          + " FROM crossfade_control.change WHERE version > ? ORDER BY version LIMIT ?";
  private static final String HISTORY =
      "SELECT "
          + Rows.CHANGE_COLUMNS
          + " FROM crossfade_control.change WHERE migration = ? ORDER BY version DESC LIMIT ?";
  private static final String ADVANCE = "UPDATE crossfade_control.catalog SET version = ?";

  private final DataSource database;

  public CatalogStore(DataSource database) {
    this.database = database;
  }

  /**
   * What changed since a version.
   *
   * @param version the catalog's now; lower than the one asked for when the database was restored
   * @param entries the migrations that changed, as they are now
   * @param changes in their order; the oldest ones when there are more than were asked for
   */
  record Delta(long version, List<CatalogEntry> entries, List<Change> changes) {}

  /** One migration with its latest changes, newest first. */
  public record Detail(CatalogEntry entry, List<Change> history) {}

  /**
   * Decides a command and writes what it leads to, durably, before it returns.
   *
   * @param obstacle why no move of this migration can be done; null when they can
   */
  public Verdict change(Command command, @Nullable String obstacle) throws StoreException {
    return in(connection -> changed(connection, command, obstacle));
  }

  /** One that never is a move. */
  public Verdict change(Command command) throws StoreException {
    return change(command, "moves are not done here");
  }

  /**
   * Sets the stage, or leaves it, as a move came to an end, and begins what is to follow it; all
   * durably, in one transaction.
   *
   * @return the last of it; empty when the move is no longer this owner's, or over
   */
  public Optional<Verdict> end(MoveRow move, MoveEnd end) throws StoreException {
    Command command = new Command.EndMove(move.migration(), move.move().id(), end);
    return in(
        connection -> {
          // The catalog comes first wherever both are locked.
          moment(connection);
          return isHeld(connection, move)
              ? Optional.of(changed(connection, command, null))
              : Optional.empty();
        });
  }

  private static boolean isHeld(Connection connection, MoveRow move) throws SQLException {
    try (PreparedStatement hold = connection.prepareStatement(HOLD)) {
      hold.setLong(1, move.move().id());
      hold.setLong(2, move.term());
      try (ResultSet row = hold.executeQuery()) {
        return row.next();
      }
    }
  }

  /** As {@link #change}, as a part of a transaction. */
  static Verdict changed(Connection connection, Command command, @Nullable String obstacle)
      throws SQLException {
    Verdict verdict = decide(connection, command, obstacle);
    switch (verdict) {
      case Verdict.Changed changed -> write(connection, changed.entry(), changed.change());
      case Verdict.Begun begun -> {
        write(connection, begun.entry(), begun.change());
        Move move = begun.entry().move();
        if (move != null) {
          MoveRows.insert(connection, command.name(), move);
        }
      }
      case Verdict.Ended ended -> {
        write(connection, ended.entry(), ended.change());
        MoveRows.end(connection, command.name(), ended.end(), ended.message());
        if (ended.then() != null) {
          return changed(connection, ended.then(), obstacle);
        }
      }
      case Verdict.Queued queued -> {
        MoveRows.queue(connection, queued.move());
        AuditLog.append(
            connection,
            new AuditEntry(
                "catalog.rollback-queued",
                command.name(),
                note(command),
                AuditEntry.Difference.to(queued.message())));
      }
      case Verdict.Underway underway -> {}
      case Verdict.Unchanged unchanged -> {}
      case Verdict.Refused refused -> {}
    }
    return verdict;
  }

  private static AuditEntry.Author note(Command command) {
    return switch (command) {
      case Command.Apply apply -> AuditLog.author(apply.note());
      case Command.SetStage set -> AuditLog.author(set.note());
      case Command.SetReads set -> AuditLog.author(set.note());
      case Command.FollowFlag follow -> AuditLog.author(follow.note());
      case Command.Resume resume -> AuditLog.author(resume.note());
      case Command.SetConsistency set -> AuditLog.author(set.note());
      case Command.Rollback rollback -> AuditLog.author(rollback.note());
      case Command.EndMove end -> AuditEntry.Author.of("control plane", "");
    };
  }

  /** Whoever has it is the only one that changes anything. */
  private static Moment moment(Connection connection) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK);
        ResultSet row = lock.executeQuery()) {
      row.next();
      return new Moment(row.getLong("version") + 1, Rows.instant(row, "now"));
    }
  }

  private static Verdict decide(Connection connection, Command command, @Nullable String obstacle)
      throws SQLException {
    Moment moment = moment(connection);
    MoveRows.lock(connection, command.name());
    Optional<CatalogEntry> entry = entry(connection, command.name());
    try (PreparedStatement size = connection.prepareStatement(SIZE);
        ResultSet row = size.executeQuery()) {
      row.next();
      CatalogView view =
          new CatalogView(
              entry.orElse(null), row.getInt("migrations"), row.getLong("bytes"), obstacle);
      return CatalogRules.decide(view, command, moment);
    }
  }

  private static void write(Connection connection, CatalogEntry entry, Change change)
      throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(PUT_ENTRY)) {
      Rows.bind(put, entry);
      put.executeUpdate();
    }
    try (PreparedStatement put = connection.prepareStatement(PUT_CHANGE)) {
      Rows.bind(put, change);
      put.executeUpdate();
    }
    try (PreparedStatement trim = connection.prepareStatement(TRIM_CHANGES)) {
      trim.setString(1, entry.name());
      trim.setString(2, entry.name());
      trim.executeUpdate();
    }
    try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
      advance.setLong(1, change.version());
      advance.executeUpdate();
    }
    AuditLog.append(connection, change, entry.file().hash());
    try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      notify.setString(1, CHANNEL);
      notify.setString(2, String.valueOf(change.version()));
      notify.execute();
    }
  }

  private static Optional<CatalogEntry> entry(Connection connection, String name)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(ENTRY)) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(Rows.entry(row)) : Optional.empty();
      }
    }
  }

  /** One migration, or empty. */
  public Optional<Detail> detail(String name, int historyMax) throws StoreException {
    return inSnapshot(
        connection -> {
          Optional<CatalogEntry> entry = entry(connection, name);
          if (entry.isEmpty()) {
            return Optional.empty();
          }
          try (PreparedStatement select = connection.prepareStatement(HISTORY)) {
            select.setString(1, name);
            select.setInt(2, historyMax);
            return Optional.of(new Detail(entry.get(), changes(select)));
          }
        });
  }

  /** Everything, now. */
  public CatalogState state() throws StoreException {
    Delta all = since(0, 0);
    return CatalogState.EMPTY.with(all.version(), all.entries());
  }

  /** What changed since {@code version}; consistent in itself. */
  Delta since(long version, int changesMax) throws StoreException {
    return inSnapshot(
        connection -> {
          long now = version(connection);
          if (now == version) {
            return new Delta(now, List.of(), List.of());
          }
          long base = now < version ? 0 : version;
          List<CatalogEntry> entries = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(ENTRIES_AFTER)) {
            select.setLong(1, base);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                entries.add(Rows.entry(row));
              }
            }
          }
          try (PreparedStatement select = connection.prepareStatement(CHANGES_AFTER)) {
            select.setLong(1, version);
            select.setInt(2, changesMax);
            return new Delta(now, entries, changes(select));
          }
        });
  }

  private static long version(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT version FROM crossfade_control.catalog");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<Change> changes(PreparedStatement select) throws SQLException {
    List<Change> changes = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        changes.add(Rows.change(row));
      }
    }
    return changes;
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
      throw new StoreException("the change could not be written", e);
    }
  }

  private <T> T inSnapshot(Work<T> work) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try {
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the catalog could not be read", e);
    }
  }

  /** A transaction. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }
}
