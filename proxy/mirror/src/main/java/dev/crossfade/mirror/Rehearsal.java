package dev.crossfade.mirror;

import dev.crossfade.sql.capture.Canary;
import dev.crossfade.sql.capture.CaptureSchema;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Proves both ways on a migration's canary before its authority moves. */
public final class Rehearsal {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final int BATCH = 256;
  private static final String FORMER =
      "what is installed has no canary to prove the way with: run 'ctl mirror install' again";

  private static final String WRITE =
      """
      INSERT INTO crossfade.canary AS c (migration, token, at) VALUES (?, ?, clock_timestamp())
      ON CONFLICT (migration) DO UPDATE SET token = excluded.token, at = excluded.at
      """;

  private static final String ECHOED =
      """
      SELECT count(*) FROM crossfade.entity_group JOIN crossfade.mutation AS m ON entity_group = number
      WHERE migration = ? AND name = ? AND m.xmin::text::bigint = txid_current() % 4294967296
      """;

  private Rehearsal() {}

  /**
   * Sends a canary and carries it, as mirrors do, who may be faster.
   *
   * @param link from the side that has the authority
   * @return why it did not arrive, in a sentence; empty when it did
   */
  public static Optional<String> forth(Mirror.Link link, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    Mirror.Settings settings = new Mirror.Settings(BATCH, longest, longest, 1, longest);
    try (MirrorConnections connections =
        MirrorConnections.open(link.authority(), link.receiving())) {
      if (OneDatabase.is(connections.log(), connections.writer())) {
        return Optional.empty();
      }
      CanaryFlight flight = new CanaryFlight(link, connections, settings);
      CanaryState state = flight.step(CanaryState.NONE, true);
      while (state.known() && state.trouble().isEmpty() && !flight.hasBeenProved()) {
        if (System.nanoTime() - end > 0) {
          return Optional.of(
              "a canary did not arrive on the other side within " + longest.toSeconds() + " s");
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        state = flight.step(state, false);
      }
      if (!state.known()) {
        return Optional.of(FORMER);
      }
      return state.trouble().isEmpty()
          ? Optional.empty()
          : Optional.of("a canary did not arrive on the other side: " + state.trouble());
    } catch (SQLException e) {
      return Optional.of("a canary did not arrive on the other side: " + e.getMessage());
    }
  }

  /**
   * The way that will be the way forth once the authority has moved. Nothing of it stays: what it
   * does is rolled back on both sides, so no fence has to let it pass and no mirror sees it.
   *
   * @param link from the side that does not have the authority yet
   * @return why the way would not work, in a sentence; empty when it would
   */
  public static Optional<String> back(Mirror.Link link) {
    SyncPlan plan = Canary.plan(link.migration(), link.plans().getFirst().authority());
    String why;
    try (Connection from = link.authority().open(Endpoint.Use.WRITE);
        Connection to = link.receiving().open(Endpoint.Use.WRITE)) {
      try {
        // There it is in the triggers, and these are counted.
        why = OneDatabase.is(from, to) ? "" : rehearse(link, plan, from, to);
      } finally {
        from.rollback();
        to.rollback();
      }
    } catch (SQLException e) {
      why = e.getMessage() + " (SQLSTATE " + e.getSQLState() + ')';
    }
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of("the way back failed in a rehearsal: " + why);
  }

  private static String rehearse(Mirror.Link link, SyncPlan plan, Connection from, Connection to)
      throws SQLException {
    String trouble = CanaryLog.trouble(from, to, link.plans());
    if (!trouble.isEmpty()) {
      return trouble;
    }
    MutationLog log = MutationLog.open(from, plan);
    if (log == null) {
      return FORMER;
    }
    CanaryLog.hurry(from);
    CanaryLog.hurry(to);
    set(from, Canary.REHEARSING);
    long token = CanaryLog.send(from, plan.migration(), Duration.ZERO);
    if (log.take(BATCH).mutations().isEmpty()) {
      return "the canary's trigger is missing or switched off on " + plan.authority();
    }
    if (!isFenced(to, plan)) {
      return plan.authority() + " could write on the other side already";
    }
    set(to, CaptureSchema.APPLYING);
    try (PreparedStatement write = to.prepareStatement(WRITE);
        PreparedStatement echoed = to.prepareStatement(ECHOED)) {
      write.setString(1, plan.migration());
      write.setLong(2, token);
      write.executeUpdate();
      echoed.setString(1, plan.migration());
      echoed.setString(2, Canary.GROUP);
      try (ResultSet result = echoed.executeQuery()) {
        result.next();
        return result.getLong(1) == 0 ? "" : "what a mirror writes there would come back";
      }
    }
  }

  /** Until the authority has moved this is what keeps its changes out. */
  private static boolean isFenced(Connection to, SyncPlan plan) throws SQLException {
    Savepoint before = to.setSavepoint();
    try (PreparedStatement begin = to.prepareStatement("SELECT crossfade.begin_applying(?, ?)")) {
      begin.setString(1, plan.migration());
      begin.setString(2, plan.authority().name());
      begin.execute();
      return false;
    } catch (SQLException e) {
      if (!CaptureSchema.FENCED.equals(e.getSQLState())) {
        throw e;
      }
      to.rollback(before);
      return true;
    }
  }

  private static void set(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT set_config('" + setting + "', 'on', true)");
    }
  }
}
