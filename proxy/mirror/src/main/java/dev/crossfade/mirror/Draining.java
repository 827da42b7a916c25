package dev.crossfade.mirror;

import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A drain of each of a migration's groups, by whoever can't leave that to the mirrors. */
final class Draining {
  static final int BATCH = 256;

  private static final String FAILING =
      "SELECT count(*) FROM crossfade.mutation JOIN crossfade.entity_group ON entity_group = number"
          + " WHERE migration = ? AND name <> 'crossfade.canary' AND attempts > 0";

  private static final String IDLE =
      "SELECT pg_try_advisory_xact_lock(hashtextextended('crossfade/backfill/' || ?, 0)),"
          + " (SELECT count(*) FROM crossfade.backfill"
          + " WHERE migration = ? AND after IS DISTINCT FROM up_to)";

  private final Drain drain;
  private final Connection log;
  private final String migration;
  private final Mirror.Link link;

  Draining(MirrorConnections connections, Mirror.Link link) throws SQLException {
    this.link = link;
    log = connections.log();
    migration = link.migration();
    List<Drain.Group> groups = new ArrayList<>();
    for (SyncPlan plan : link.plans()) {
      MutationLog mutations = MutationLog.open(log, plan);
      if (mutations == null) {
        throw new SQLException("capture is not installed for " + plan.group(), Mirror.NOT_CAPTURED);
      }
      groups.add(Drain.Group.of(mutations, new Sync(plan, connections), MirrorMeters.NONE));
    }
    drain = new Drain(groups, Mirror.Settings.USUAL.attempts(), MirrorMeters.NONE);
  }

  /** One batch of each group, and what is left then: also what others have taken and not done. */
  LogState step() throws SQLException {
    drain.step(BATCH, Drain.Arrival.UNHEARD);
    return LogState.read(log, migration);
  }

  /** How many triggers are not as they must be; what a gap that has ended left is in the log. */
  long missing() throws SQLException {
    return new Gap(log, link.plans().getFirst()).check(link.capture().check());
  }

  /** How many have failed and are tried again later; to be asked when there are few in all. */
  long failing() throws SQLException {
    try (PreparedStatement statement = log.prepareStatement(FAILING)) {
      statement.setString(1, migration);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    } finally {
      log.commit();
    }
  }

  /**
   * Whether no backfill runs, or has stopped before its end: neither has carried everything, and
   * one that runs may put into the log what it can't carry. None can begin until the transaction
   * ends.
   */
  boolean isBackfilled(Connection authority) throws SQLException {
    return isBackfilled(authority, migration);
  }

  static boolean isBackfilled(Connection authority, String migration) throws SQLException {
    try (PreparedStatement statement = authority.prepareStatement(IDLE)) {
      statement.setString(1, migration);
      statement.setString(2, migration);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getBoolean(1) && result.getLong(2) == 0;
      }
    }
  }
}
