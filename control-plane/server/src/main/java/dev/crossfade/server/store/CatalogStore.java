package dev.crossfade.server.store;

import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.CatalogRules;
import dev.crossfade.engine.catalog.CatalogView;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Moment;
import dev.crossfade.engine.catalog.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The catalog in its tables. A change locks the one row of {@code catalog}, lets the engine decide
 * on the state under that lock, and commits state, history and notification together; so versions
 * have no gaps and commit in their order.
 */
public final class CatalogStore {
  static final String CHANNEL = "crossfade_control_catalog";

  private static final int HISTORY_PER_MIGRATION_MAX = 1_000;
  private static final String LOCK =
      "SELECT version, clock_timestamp() AS now FROM crossfade_control.catalog FOR UPDATE";
  private static final String SIZE =
      "SELECT count(*) AS migrations, coalesce(sum(octet_length(yaml)), 0) AS bytes FROM"
          + " crossfade_control.migration";
  private static final String ENTRY =
      "SELECT " + Rows.ENTRY_COLUMNS + " FROM crossfade_control.migration WHERE name = ?";
  private static final String ENTRIES_AFTER =
      "SELECT "
          + Rows.ENTRY_COLUMNS
          + " FROM crossfade_control.migration WHERE version > ? ORDER BY name";
  private static final String PUT_ENTRY =
      "INSERT INTO crossfade_control.migration ("
          + Rows.ENTRY_COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE"
          + " SET version = excluded.version, yaml = excluded.yaml, source = excluded.source, stage"
          + " = excluded.stage, read_buckets = excluded.read_buckets, stickiness ="
          + " excluded.stickiness, updated_at = excluded.updated_at, checked_at ="
          + " excluded.checked_at, checked_by = excluded.checked_by, checked_old ="
          + " excluded.checked_old, checked_new = excluded.checked_new, checked_fingerprint ="
          + " excluded.checked_fingerprint, checked_warnings = excluded.checked_warnings";
  private static final String PUT_CHANGE =
      "INSERT INTO crossfade_control.change ("
          + Rows.CHANGE_COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
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

  /** Decides a command and writes what it leads to, durably, before it returns. */
  public Verdict change(Command command) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Verdict verdict = decide(connection, command);
        if (verdict instanceof Verdict.Changed changed) {
          write(connection, changed);
        }
        connection.commit();
        return verdict;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the change could not be written", e);
    }
  }

  private static Verdict decide(Connection connection, Command command) throws SQLException {
    Moment moment;
    try (PreparedStatement lock = connection.prepareStatement(LOCK);
        ResultSet row = lock.executeQuery()) {
      row.next();
      moment = new Moment(row.getLong("version") + 1, Rows.instant(row, "now"));
    }
    Optional<CatalogEntry> entry = entry(connection, command.name());
    try (PreparedStatement size = connection.prepareStatement(SIZE);
        ResultSet row = size.executeQuery()) {
      row.next();
      CatalogView view =
          new CatalogView(entry.orElse(null), row.getInt("migrations"), row.getLong("bytes"));
      return CatalogRules.decide(view, command, moment);
    }
  }

  private static void write(Connection connection, Verdict.Changed changed) throws SQLException {
    long version = changed.change().version();
    try (PreparedStatement put = connection.prepareStatement(PUT_ENTRY)) {
      Rows.bind(put, changed.entry());
      put.executeUpdate();
    }
    try (PreparedStatement put = connection.prepareStatement(PUT_CHANGE)) {
      Rows.bind(put, changed.change());
      put.executeUpdate();
    }
    try (PreparedStatement trim = connection.prepareStatement(TRIM_CHANGES)) {
      trim.setString(1, changed.entry().name());
      trim.setString(2, changed.entry().name());
      trim.executeUpdate();
    }
    try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
      advance.setLong(1, version);
      advance.executeUpdate();
    }
    try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      notify.setString(1, CHANNEL);
      notify.setString(2, String.valueOf(version));
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

  private <T> T inSnapshot(Reading<T> reading) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try {
        T result = reading.read(connection);
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

  /** A read of one snapshot. */
  private interface Reading<T> {
    T read(Connection connection) throws SQLException;
  }
}
