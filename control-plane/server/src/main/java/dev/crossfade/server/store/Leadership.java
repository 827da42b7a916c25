package dev.crossfade.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Which control plane works on rollouts. As with {@link JobLeases}, it is held for the time of a
 * lease by the database's clock, and whoever takes over has the next term. Unlike jobs, all
 * rollouts have one leader: their work is small.
 */
public final class Leadership {
  private static final String HOLD =
      "UPDATE crossfade_control.rollout_lead SET term = CASE WHEN owner = ? THEN term ELSE term + 1"
          + " END, owner = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond' WHERE"
          + " owner = ? OR lease_until < clock_timestamp() RETURNING term";
  private static final String LEAVE =
      "UPDATE crossfade_control.rollout_lead SET owner = '', lease_until = '-infinity' WHERE owner"
          + " = ?";
  private static final String IS_MINE =
      "SELECT FROM crossfade_control.rollout_lead WHERE term = ? AND owner = ? FOR SHARE";

  private final DataSource database;
  private final String owner;
  private final Duration lease;

  /**
   * @param process this control plane, for people
   */
  public Leadership(DataSource database, String process, Duration lease) {
    this.database = database;
    // Another run of the same process must not take itself for this one.
    this.owner = process + "/" + UUID.randomUUID();
    this.lease = lease;
  }

  /** Takes it, or holds it for another lease; empty when another one has it. */
  public OptionalLong hold() throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(HOLD)) {
      update.setString(1, owner);
      update.setString(2, owner);
      update.setLong(3, lease.toMillis());
      update.setString(4, owner);
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("it could not be told who works on rollouts", e);
    }
  }

  /** Leaves it to whoever asks next. */
  public void leave() throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(LEAVE)) {
      update.setString(1, owner);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("rollouts could not be left to another", e);
    }
  }

  /** Whether it still is this one's, and will be until the transaction's end. */
  boolean isHeld(Connection connection, long term) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(IS_MINE)) {
      select.setLong(1, term);
      select.setString(2, owner);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }
}
