package dev.crossfade.server.store;

import dev.crossfade.engine.catalog.MoveStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Who works on which move. As with {@link JobLeases}, an owner holds a move for the time of a lease
 * and is superseded by the next term. Unlike a job, a move must not be done by two who do not know
 * of each other: so whoever is about to make it happen asks first ({@link #decide}), and whoever
 * takes over looks on the databases what became of it.
 *
 * <p>How moves begin and end is the catalog's: see {@link CatalogStore}.
 */
public final class MoveStore {
  private static final String SELECT =
      "SELECT " + MoveRows.COLUMNS + " FROM crossfade_control.move AS m ";
  private static final String CANDIDATES =
      SELECT
          + "WHERE state = 'OPEN' AND (lease_until IS NULL OR lease_until < clock_timestamp())"
          + " ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED";
  private static final String CLAIM =
      "UPDATE crossfade_control.move AS m SET owner = ?, term = term + 1, lease_until ="
          + " clock_timestamp() + ? * interval '1 millisecond' WHERE id = ? RETURNING "
          + MoveRows.COLUMNS;

  /** What is written late must not undo {@link #DECIDE}. */
  private static final String RENEW =
      "UPDATE crossfade_control.move SET lease_until = clock_timestamp() + ? * interval '1"
          + " millisecond', step = CASE WHEN ? OR step IN ('BEGUN', 'CHECKED', 'CALM', 'CLOSED',"
          + " 'DRAINED') THEN ? ELSE step END, waits = ? WHERE id = ? AND term = ? AND state ="
          + " 'OPEN'";

  private static final String DECIDE =
      "UPDATE crossfade_control.move SET step = ? WHERE id = ? AND term = ? AND"
          + " state = 'OPEN'";
  private static final String RELEASE =
      "UPDATE crossfade_control.move SET lease_until = NULL, owner = '' WHERE id = ? AND term = ?";
  private static final String FIND = SELECT + "WHERE id = ?";
  private static final String LAST =
      SELECT + "WHERE migration = ? AND state <> 'OPEN' ORDER BY id DESC LIMIT 1";

  private final DataSource database;
  private final String owner;
  private final Duration lease;

  /**
   * @param owner this control plane, for people
   * @param lease how long a move is held without being renewed
   */
  public MoveStore(DataSource database, String owner, Duration lease) {
    this.database = database;
    this.owner = owner;
    this.lease = lease;
  }

  /**
   * Takes the oldest move that nobody works on.
   *
   * @param acceptable whether moves of this migration can be done here
   */
  public Optional<MoveRow> claim(Predicate<String> acceptable) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        MoveRow claimed = null;
        for (MoveRow candidate : candidates(connection)) {
          if (claimed == null && acceptable.test(candidate.migration())) {
            claimed = claim(connection, candidate);
          }
        }
        connection.commit();
        return Optional.ofNullable(claimed);
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException("the moves could not be looked through", e);
    }
  }

  private static List<MoveRow> candidates(Connection connection) throws SQLException {
    List<MoveRow> moves = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(CANDIDATES);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        MoveRow move = MoveRows.read(row);
        if (move != null) {
          moves.add(move);
        }
      }
    }
    return moves;
  }

  private @Nullable MoveRow claim(Connection connection, MoveRow candidate) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(CLAIM)) {
      update.setString(1, owner);
      update.setLong(2, lease.toMillis());
      update.setLong(3, candidate.move().id());
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? MoveRows.read(row) : null;
      }
    }
  }

  /**
   * Holds it for another lease, and tells how far it has come.
   *
   * @return false when it is no longer this owner's, or over
   */
  public boolean renew(MoveRow move, MoveStep step, String waits) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(RENEW)) {
      update.setLong(1, lease.toMillis());
      update.setBoolean(2, step.isDecided());
      update.setString(3, step.name());
      update.setString(4, waits);
      update.setLong(5, move.move().id());
      update.setLong(6, move.term());
      return update.executeUpdate() > 0;
    } catch (SQLException e) {
      throw new StoreException("the lease of a move could not be renewed", e);
    }
  }

  /**
   * It is about to happen: nobody gives it up from here on.
   *
   * @return false when it must not, for it is no longer this owner's, or over
   */
  public boolean decide(MoveRow move) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(DECIDE)) {
      update.setString(1, MoveStep.READY.name());
      update.setLong(2, move.move().id());
      update.setLong(3, move.term());
      return update.executeUpdate() > 0;
    } catch (SQLException e) {
      throw new StoreException("it could not be asked whether a move may happen", e);
    }
  }

  /** Leaves it to whoever takes it next. */
  public void release(MoveRow move) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(RELEASE)) {
      update.setLong(1, move.move().id());
      update.setLong(2, move.term());
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("a move could not be released", e);
    }
  }

  /** One move, or empty when it is no longer kept. */
  public Optional<MoveRow> find(long id) throws StoreException {
    return one(FIND, select -> select.setLong(1, id));
  }

  /** The one of a migration that ended last. */
  public Optional<MoveRow> last(String migration) throws StoreException {
    return one(LAST, select -> select.setString(1, migration));
  }

  private Optional<MoveRow> one(String sql, Binding binding) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      binding.bind(select);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.ofNullable(MoveRows.read(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("a move could not be read", e);
    }
  }

  /** Gives a statement its parameters. */
  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }
}
