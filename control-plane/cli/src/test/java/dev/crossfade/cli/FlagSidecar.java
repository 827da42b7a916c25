package dev.crossfade.cli;

import dev.crossfade.api.v1.Report;
import dev.crossfade.sidecar.control.ControlClient;
import dev.crossfade.sidecar.control.ControlSettings;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.ControlTiming;
import dev.crossfade.sidecar.control.SidecarIdentity;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** The part of a sidecar that follows the control plane, and what it has in force. */
final class FlagSidecar implements AutoCloseable {
  private static final int BUCKETS_PER_PERCENT = 1_000;

  private final AtomicReference<ControlSnapshot> inForce =
      new AtomicReference<>(new ControlSnapshot(0, List.of()));
  private final ControlClient client;

  private FlagSidecar(int port) throws IOException {
    client =
        ControlClient.start(
            new ControlSettings(
                "127.0.0.1",
                port,
                new SidecarIdentity("shop", "pod-1", "test", List.of("postgresql")),
                LiveControlPlane.directory(),
                ControlTiming.DEFAULT),
            snapshot -> {
              inForce.set(snapshot);
              return Optional.empty();
            },
            Report::getDefaultInstance,
            RandomGenerator.getDefault());
  }

  static FlagSidecar start(int port) throws IOException {
    return new FlagSidecar(port);
  }

  /** Waits until the only migration has this share. */
  void awaitShare(int percent, Duration bound) {
    Await.until(
        percent + " % in the sidecar",
        bound,
        () ->
            inForce.get().migrations().stream()
                .anyMatch(
                    migration ->
                        migration.flags().reads().buckets() == percent * BUCKETS_PER_PERCENT));
  }

  @Override
  public void close() {
    client.close();
  }
}
