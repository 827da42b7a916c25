package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.Report;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.sidecar.control.ControlClient;
import dev.crossfade.sidecar.control.ControlSettings;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.ControlTiming;
import dev.crossfade.sidecar.control.Refusal;
import dev.crossfade.sidecar.control.SidecarIdentity;
import dev.crossfade.sidecar.control.SnapshotSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the command line through a real control plane to the client in a sidecar. */
class SidecarFollowsIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private LiveControlPlane live;
  private Path state;
  private final AtomicReference<ControlSnapshot> inForce =
      new AtomicReference<>(new ControlSnapshot(0, List.of()));

  @BeforeEach
  void start() throws Exception {
    live = LiveControlPlane.start();
    state = LiveControlPlane.directory();
    live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
  }

  @AfterEach
  void stop() {
    live.close();
  }

  @Test
  void whatIsTypedIsInForceInTheSidecarAndListed() {
    try (ControlClient client = follow(this::accept)) {
      awaitVersion(client, 1);
      live.ctl("stage", "DUAL_WRITE");
      live.ctl("stage", "SHADOW");
      live.ctl("stage", "RAMP");
      live.ctl("reads", "25%");
      awaitVersion(client, 5);
      assertThat(inForce.get().migrations().getFirst().flags().effectiveReads())
          .isEqualTo(ReadShare.parse("25%"));
      live.ctl("rollback");
      awaitVersion(client, 6);
      assertThat(inForce.get().migrations().getFirst().flags().stage()).isEqualTo(Stage.OFF);
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(live.ctl("sidecars").out())
                      .containsPattern("shop +pod-1 +in force +6 +3 "));
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(live.ctl("sidecars").out()).containsPattern("pod-1 +away +6"));
  }

  @Test
  void aRefusalIsListedWithItsReason() {
    try (ControlClient client =
        follow(
            snapshot ->
                Optional.of(
                    new Refusal("migration split-customers: there is no table people", false)))) {
      await().atMost(SOON).until(() -> !client.status().refusal().isEmpty());
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(live.ctl("sidecars").out())
                      .containsPattern("pod-1 +refused 1 +0")
                      .contains(
                          "shop/pod-1 refused version 1: migration split-customers: there is no"
                              + " table people"));
    }
  }

  @Test
  void aRestartOfTheControlPlaneIsSurvivedOnBothSides() throws Exception {
    try (ControlClient client = follow(this::accept)) {
      awaitVersion(client, 1);
      live.stop();
      await().atMost(SOON).until(() -> !client.status().connected());
      assertThat(client.status().acceptedVersion()).isEqualTo(1);
    }
    inForce.set(new ControlSnapshot(0, List.of()));
    try (ControlClient client = follow(this::accept)) {
      assertThat(client.awaitFirstWord(SOON)).isTrue();
      assertThat(inForce.get().version()).isEqualTo(1);
      assertThat(client.status().fromDisk()).isTrue();
      live.startAgain();
      await().atMost(SOON).until(() -> client.status().connected() && !client.status().fromDisk());
      live.ctl("reads", "10%");
      awaitVersion(client, 2);
    }
  }

  private void awaitVersion(ControlClient client, long version) {
    await().atMost(SOON).until(() -> client.status().acceptedVersion() == version);
    assertThat(inForce.get().version()).isEqualTo(version);
  }

  private Optional<Refusal> accept(ControlSnapshot snapshot) {
    inForce.set(snapshot);
    return Optional.empty();
  }

  private ControlClient follow(SnapshotSink sink) {
    ControlSettings settings =
        new ControlSettings(
            "127.0.0.1",
            live.port(),
            new SidecarIdentity("shop", "pod-1", "test", List.of("postgresql")),
            state,
            ControlTiming.DEFAULT);
    return ControlClient.start(
        settings,
        sink,
        () -> Report.newBuilder().setSessions(3).build(),
        RandomGenerator.getDefault());
  }
}
