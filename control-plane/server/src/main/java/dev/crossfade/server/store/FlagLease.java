package dev.crossfade.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * Who asks Unleash. As with {@link JobLeases}, one control plane does it for the time of a lease
 * and is superseded by the next term; what an owner writes is dropped once there is a later term.
 */
public final class FlagLease {
  private static final String HOLD =
      "UPDATE crossfade_control.flag_follower SET term = term + CASE WHEN term = ? THEN 0 ELSE 1"
          + " END, owner = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond' WHERE"
          + " term = ? OR lease_until IS NULL OR lease_until < clock_timestamp() RETURNING term";
  private static final String RELEASE =
      "UPDATE crossfade_control.flag_follower SET owner = '', lease_until = NULL WHERE term = ?";
  private static final String HEARD =
      "UPDATE crossfade_control.flag_follower SET heard_at = CASE WHEN ? THEN clock_timestamp()"
          + " ELSE heard_at END, stale_after = ? * interval '1 millisecond', problem = ? WHERE term"
          + " = ?";

  private static final long NONE = -1;

  private final DataSource database;
  private final String owner;
  private final Duration lease;

  /**
   * @param owner this control plane, for people
   * @param lease for how long it asks Unleash without renewing it
   */
  public FlagLease(DataSource database, String owner, Duration lease) {
    this.database = database;
    this.owner = owner;
    this.lease = lease;
  }

  /**
   * Takes the lease, or holds it for longer.
   *
   * @param term that is held; 0 for none
   * @return the term; empty when another control plane asks Unleash
   */
  public OptionalLong hold(long term) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(HOLD)) {
      // Before the first owner the term is 0, which nobody holds.
      long mine = term == 0 ? NONE : term;
      update.setLong(1, mine);
      update.setString(2, owner);
      update.setLong(3, lease.toMillis());
      update.setLong(4, mine);
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      throw new StoreException("the lease on asking Unleash could not be held", e);
    }
  }

  /** Leaves it to whoever takes it next. */
  public void release(long term) throws StoreException {
    run(RELEASE, update -> update.setLong(1, term));
  }

  /**
   * Unleash has answered, or has not.
   *
   * @param staleAfter how long an answer holds
   * @param problem why it has not; empty when it has
   */
  public void heard(long term, Duration staleAfter, String problem) throws StoreException {
    run(
        HEARD,
        update -> {
          update.setBoolean(1, problem.isEmpty());
          update.setLong(2, staleAfter.toMillis());
          update.setString(3, problem);
          update.setLong(4, term);
        });
  }

  private void run(String sql, Binding binding) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      binding.bind(update);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("the lease on asking Unleash could not be written", e);
    }
  }

  /** Gives a statement its parameters. */
  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }
}
