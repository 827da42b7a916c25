package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.CircuitBreaker;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.command.Insight;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.postgresql.trace.BatchTraces;
import dev.crossfade.postgresql.wire.StartupPacket;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions of a sidecar share; every part is safe on any event loop.
 *
 * @param statementBudget for the texts of prepared statements
 * @param offLoop for work that may take milliseconds
 * @param timer for deadlines that are seldom reached: an event loop with a timer of its own waits
 *     with a time limit, which costs the kernel more at every wait
 * @param insight what clients may ask of the sidecar itself; null when they may not
 * @param parity compares writes with what new would answer; null where that is off
 * @param shadow compares reads; null where that is off
 * @param traces what clients' traces are told; null where that is off
 */
public record ProxyContext(
    Servers servers,
    Routing routing,
    CircuitBreaker circuit,
    ReadPermission permission,
    SessionLimits limits,
    SessionMeters meters,
    Sessions sessions,
    MemoryBudget statementBudget,
    Executor offLoop,
    ScheduledExecutorService timer,
    @Nullable Insight insight,
    @Nullable Parity parity,
    @Nullable Shadow shadow,
    @Nullable BatchTraces traces) {

  /**
   * The two sides and how they are reached.
   *
   * @param oldDatabase the database that the migrations concern; sessions on another pass through
   * @param marked whether sessions carry their {@link Origin}: where changes are mirrored
   */
  public record Servers(
      Connector connector, Endpoint old, String oldDatabase, NewTarget target, boolean marked) {
    boolean isMarked(StartupPacket.Session session) {
      return marked && session.database().equals(oldDatabase);
    }
  }
}
