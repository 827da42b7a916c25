package dev.crossfade.sidecar;

import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.parity.Finding;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.postgresql.parity.ParityTarget;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.Login;
import dev.crossfade.sidecar.config.SidecarConfig.MirrorLogins;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import dev.crossfade.sql.parse.Fingerprint;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The comparison of writes, as the configuration wants it. */
final class WriteParity {
  /** How new is reached. */
  record New(Connector connector, EventLoop loop, Endpoint endpoint, Executor offLoop) {}

  private WriteParity() {}

  /** Null where none are compared. */
  static @Nullable Parity of(
      SidecarConfig config, New target, Routing routing, SidecarMetrics metrics) {
    MirrorLogins logins = config.mirror().orElse(null);
    Parity.Settings settings = config.parity().orElse(null);
    if (logins == null || settings == null) {
      return null;
    }
    Login login = logins.target();
    Parity parity =
        Parity.start(
            settings,
            routing,
            metrics.parity(),
            new ParityTarget(
                target.connector(),
                target.loop(),
                target.endpoint(),
                config.target().database(),
                new Credentials(login.user(), login.password()),
                target.offLoop()));
    metrics.gauge(
        "crossfade.parity.confirmed",
        "Differences between the two sides' answers to writes that are confirmed",
        parity.findings(),
        findings -> findings.confirmed().size());
    return parity;
  }

  /** What is known of a statement's writes on new. */
  static Function<Fingerprint, Optional<Finding>> found(@Nullable Parity parity) {
    return parity == null ? statement -> Optional.empty() : parity.findings()::of;
  }
}
