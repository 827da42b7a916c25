package dev.crossfade.sidecar;

import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.control.ControlClient;
import dev.crossfade.sidecar.control.ControlSettings;
import dev.crossfade.sidecar.control.ControlStatus;
import dev.crossfade.sidecar.control.ControlTiming;
import dev.crossfade.sidecar.control.SidecarIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control plane that the sidecar follows, if the configuration names one. */
final class FollowedControl implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedControl.class);

  private final SidecarConfig config;
  private volatile @Nullable ControlClient client;

  FollowedControl(SidecarConfig config) {
    this.config = config;
  }

  /** Begins to follow it, where there is one. */
  void start(Transport transport, RoutingUpdater updater, Reports reports) {
    config
        .controlPlane()
        .ifPresent(
            place ->
                client =
                    ControlClient.start(
                        new ControlSettings(
                            place.address().host(),
                            place.address().port(),
                            new SidecarIdentity(
                                config.service(),
                                config.instance(),
                                Version.text(),
                                List.of("postgresql")),
                            config.stateDirectory(),
                            ControlTiming.DEFAULT,
                            transport.control().line()),
                        updater,
                        reports,
                        RandomGenerator.getDefault()));
  }

  ControlStatus status() {
    return known().orElse(ControlStatus.INITIAL);
  }

  /** Empty where nobody is followed. */
  Optional<ControlStatus> known() {
    return Optional.ofNullable(client).map(ControlClient::status);
  }

  /** What is to be told beside being ready; empty for nothing. */
  String notice() {
    ControlStatus status = status();
    return status.turnedAway() ? "turned away by the control plane: " + status.lastFailure() : "";
  }

  /** Where new has the authority, who is let in before that is known would be served by old. */
  void await() {
    Duration most = config.limits().controlTimeout();
    ControlClient followed = client;
    try {
      if (followed != null && !followed.awaitFirstWord(most) && !most.isZero()) {
        LOG.atWarn()
            .addKeyValue("millis", most.toMillis())
            .log("Clients are let in before it is known what the control plane says");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ControlClient followed = client;
    if (followed != null) {
      followed.close();
    }
  }
}
