package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.migration.Side;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Where the two sides are, and how they are asked.
 *
 * @param loops gives the loop of each connection
 * @param offLoop for work that may take milliseconds
 * @param timer looks after deadlines
 * @param explainer how plans are asked for
 */
public record ShadowTarget(
    Connector connector,
    Supplier<EventLoop> loops,
    Server old,
    Server target,
    Executor offLoop,
    ScheduledExecutorService timer,
    Explainer explainer) {

  /** One side, and who reads there. */
  public record Server(Endpoint endpoint, String database, Credentials credentials) {}

  Server server(Side side) {
    return side == Side.OLD ? old : target;
  }
}
