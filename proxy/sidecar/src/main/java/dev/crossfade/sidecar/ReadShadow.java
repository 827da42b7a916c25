package dev.crossfade.sidecar;

import dev.crossfade.core.migration.Side;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.catalog.ExplainQuery;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.shadow.Explainer;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.postgresql.shadow.ShadowTarget;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.Server;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The comparison of reads, as the configuration wants it. */
final class ReadShadow {
  /** How both sides are reached. */
  record Sides(
      Connector connector,
      EventLoops loops,
      Endpoint old,
      Endpoint target,
      Executor offLoop,
      ScheduledExecutorService timer,
      Function<Side, MetadataConnection> connections) {}

  private ReadShadow() {}

  /** Null where none are compared. */
  static @Nullable Shadow of(
      SidecarConfig config, Sides sides, Routing routing, SidecarMetrics metrics) {
    Shadow.Settings settings = config.shadow().orElse(null);
    if (settings == null) {
      return null;
    }
    Shadow shadow =
        Shadow.start(
            settings,
            routing,
            metrics.shadow(),
            new ShadowTarget(
                sides.connector(),
                () -> sides.loops().group().next(),
                server(config.old(), sides.old()),
                server(config.target(), sides.target()),
                sides.offLoop(),
                sides.timer(),
                explainer(sides.connections())));
    metrics.gauge(
        "crossfade.shadow.waiting",
        "Reads that wait to be run on the other side",
        shadow,
        Shadow::waiting);
    metrics.gauge(
        "crossfade.shadow.confirming",
        "Differences that wait to be confirmed",
        shadow,
        Shadow::confirming);
    metrics.gauge(
        "crossfade.shadow.circuit.old",
        "1 while no reads are run again on old",
        shadow,
        source -> source.isOpen(Side.OLD) ? 1 : 0);
    metrics.gauge(
        "crossfade.shadow.circuit.new",
        "1 while no reads are run again on new",
        shadow,
        source -> source.isOpen(Side.NEW) ? 1 : 0);
    return shadow;
  }

  /** On connections of its own, which last for one question. */
  private static Explainer explainer(Function<Side, MetadataConnection> connections) {
    return (side, sql, types) -> {
      try (MetadataConnection connection = connections.apply(side)) {
        return ExplainQuery.explain(connection, "", sql, types);
      } catch (MetadataException e) {
        return "";
      }
    };
  }

  private static ShadowTarget.Server server(Server server, Endpoint endpoint) {
    return new ShadowTarget.Server(
        endpoint, server.database(), new Credentials(server.user(), server.password()));
  }
}
