package dev.crossfade.mirror;

import dev.crossfade.sql.capture.Canary;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a migration's canary from time to time, carries it as entities are carried, and looks
 * whether it has arrived. Whatever goes wrong with it keeps nobody's changes back: it is told, and
 * tried again.
 *
 * <p>Of many mirrors each carries it, and one at a time sends it.
 */
final class CanaryFlight {
  private static final int BATCH = 256;
  private static final String LOCKED = "55P03";

  /** One that was lost, for its trigger was off, say, is followed by another one. */
  private static final int LOST_AFTER = 6;

  /** While it is on its way the log is looked at at once, but not without end. */
  private static final int KICKS = 3;

  private final SyncPlan plan;
  private final List<SyncPlan> plans;
  private final MirrorConnections connections;
  private final Duration every;
  private @Nullable MutationLog log;
  private @Nullable Sync sync;
  private long token;
  private long sent;
  private boolean own;
  private int kicks;
  private boolean proved;
  private long next = System.nanoTime();

  CanaryFlight(Mirror.Link link, MirrorConnections connections, Mirror.Settings settings) {
    this.plans = link.plans();
    this.plan = Canary.plan(link.migration(), plans.getFirst().authority());
    this.connections = connections;
    this.every = settings.prove();
  }

  /** Whether one was just sent, or had not arrived yet when it was looked for. */
  boolean isUnderWay() {
    return token > 0 && kicks++ < KICKS;
  }

  /** Whether one has arrived since this began. */
  boolean hasBeenProved() {
    return proved;
  }

  /**
   * Whatever is due.
   *
   * @param before how it stood
   * @param now whether to send one in any case
   * @throws SQLException when a connection is lost
   */
  CanaryState step(CanaryState before, boolean now) throws SQLException {
    if (every.isZero()) {
      return CanaryState.NONE;
    }
    if (now && token == 0) {
      next = System.nanoTime();
    }
    if (token == 0 && System.nanoTime() - next < 0) {
      return before;
    }
    CanaryState known =
        before.known() ? before : new CanaryState(true, System.nanoTime(), Duration.ZERO, "");
    try {
      if (!open()) {
        next = System.nanoTime() + every.toNanos();
        return CanaryState.NONE;
      }
      return fly(known);
    } catch (SQLException e) {
      if (connections.isLost()) {
        throw e;
      }
      connections.log().rollback();
      connections.writer().rollback();
      next = System.nanoTime() + every.toNanos();
      if (LOCKED.equals(e.getSQLState())) {
        // Another mirror is at it. If that one never ends, the age tells.
        return known;
      }
      return new CanaryState(
          true,
          known.proved(),
          known.lag(),
          e.getMessage() + " (SQLSTATE " + e.getSQLState() + ')');
    }
  }

  /** False where a former version was installed. */
  private boolean open() throws SQLException {
    if (log == null) {
      log = MutationLog.open(connections.log(), plan);
      sync = new Sync(plan, connections);
    }
    return log != null;
  }

  private CanaryState fly(CanaryState before) throws SQLException {
    if (token == 0) {
      String trouble = send();
      if (!trouble.isEmpty()) {
        return new CanaryState(true, before.proved(), before.lag(), trouble);
      }
    }
    carry();
    if (hasArrived()) {
      long now = System.nanoTime();
      Duration lag = own ? Duration.ofNanos(now - sent) : before.lag();
      token = 0;
      proved = true;
      next = now + every.toNanos();
      return new CanaryState(true, sent, lag, "");
    }
    if (System.nanoTime() - sent > LOST_AFTER * every.toNanos()) {
      token = 0;
    }
    return before;
  }

  /**
   * @return why it was not sent; empty when one is on its way now
   */
  private String send() throws SQLException {
    String trouble = CanaryLog.trouble(connections.log(), connections.writer(), plans);
    if (!trouble.isEmpty()) {
      next = System.nanoTime() + every.toNanos();
      return trouble;
    }
    CanaryLog.hurry(connections.log());
    kicks = 0;
    sent = System.nanoTime();
    token = CanaryLog.send(connections.log(), plan.migration(), every.dividedBy(2));
    own = token > 0;
    if (!own) {
      CanaryLog.Aged others = CanaryLog.look(connections.log(), plan.migration());
      token = others.token();
      sent -= others.age().toNanos();
    }
    connections.log().commit();
    return "";
  }

  /** What is taken is gone from the log only after it was written on the other side. */
  private void carry() throws SQLException {
    MutationLog open = log;
    if (open == null || sync == null) {
      return;
    }
    CanaryLog.hurry(connections.log());
    if (!open.take(BATCH).mutations().isEmpty()) {
      CanaryLog.hurry(connections.writer());
      sync.run(new Entities(List.of(List.of(plan.migration()))));
    }
    open.commit();
  }

  /** Tokens are not counted but drawn: that the other side has the same one is no accident. */
  private boolean hasArrived() throws SQLException {
    CanaryLog.Aged there = CanaryLog.look(connections.writer(), plan.migration());
    connections.writer().commit();
    CanaryLog.Aged here = CanaryLog.look(connections.log(), plan.migration());
    connections.log().commit();
    return here.token() >= token && there.token() == here.token();
  }
}
