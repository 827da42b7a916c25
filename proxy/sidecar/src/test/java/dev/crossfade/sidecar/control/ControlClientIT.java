package dev.crossfade.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.Ack;
import dev.crossfade.api.v1.Hello;
import dev.crossfade.api.v1.MigrationConfig;
import dev.crossfade.api.v1.Nack;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.Snapshot;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlClientIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ControlTiming QUICK =
      new ControlTiming(
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          Duration.ofMillis(50),
          Duration.ofMillis(100));

  @TempDir private Path state = Path.of(".");
  private ScriptedControlPlane controlPlane;
  private final List<ControlSnapshot> offered = new CopyOnWriteArrayList<>();

  @BeforeEach
  void startControlPlane() throws IOException {
    controlPlane = new ScriptedControlPlane(0);
  }

  @AfterEach
  void stopControlPlane() throws InterruptedException {
    controlPlane.close();
  }

  @Test
  void aSnapshotIsOfferedAckedAndKept() throws Exception {
    controlPlane.greetWith(Snapshots.of(7, 25_000));
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      Hello hello = controlPlane.hello();
      assertThat(hello.getService()).isEqualTo("shop");
      assertThat(hello.getInstance()).isEqualTo("pod-1");
      assertThat(hello.getLastVersion()).isZero();
      assertThat(controlPlane.ack()).isEqualTo(Ack.newBuilder().setNonce(1).setVersion(7).build());
      assertThat(offered).containsExactly(SnapshotWire.read(Snapshots.of(7, 25_000)));
      assertThat(client.status()).isEqualTo(new ControlStatus(true, 7, false, 7, "", "", false));
      await()
          .atMost(SOON)
          .until(
              () ->
                  new LastGoodSnapshot(state).load().equals(Optional.of(Snapshots.of(7, 25_000))));
    }
  }

  @Test
  void aRefusalIsNackedAndTheSnapshotOfferedAgainUntilItFits() throws Exception {
    AtomicInteger offers = new AtomicInteger();
    controlPlane.greetWith(Snapshots.of(7, 1));
    SnapshotSink sink =
        snapshot ->
            switch (offers.incrementAndGet()) {
              case 1, 2, 3 -> Optional.of(new Refusal("new is not reachable", true));
              case 4 -> Optional.of(new Refusal("it does not fit", false));
              default -> Optional.empty();
            };
    try (ControlClient client = start(controlPlane.port(), sink)) {
      Nack nack = controlPlane.nack();
      assertThat(nack.getReason()).isEqualTo("new is not reachable");
      assertThat(nack.getVersion()).isEqualTo(7);
      Nack next = controlPlane.nack();
      assertThat(next.getReason()).as("the same is said once").isEqualTo("it does not fit");
      assertThat(next.getNonce()).isEqualTo(1);
      assertThat(controlPlane.ack().getNonce()).isEqualTo(1);
      assertThat(offers).hasValue(5);
      assertThat(client.status().refusal()).isEmpty();
    }
  }

  @Test
  void anExceptionOfTheSinkIsARefusal() throws Exception {
    controlPlane.greetWith(Snapshots.of(7, 1));
    SnapshotSink sink =
        snapshot -> {
          throw new IllegalStateException("boom");
        };
    try (ControlClient client = start(controlPlane.port(), sink)) {
      assertThat(controlPlane.nack().getReason()).contains("boom");
      assertThat(client.status().acceptedVersion()).isZero();
      assertThat(new LastGoodSnapshot(state).load()).isEmpty();
    }
  }

  @Test
  void aStageOfANewerControlPlaneIsNackedAndNotOffered() throws Exception {
    Snapshot.Builder future = Snapshots.of(9, 1).toBuilder();
    future.getMigrationsBuilder(0).setStageValue(42);
    controlPlane.greetWith(future.build());
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      assertThat(controlPlane.nack().getReason()).contains("does not know its stage");
      assertThat(client.status().offeredVersion()).isEqualTo(9);
      assertThat(offered).isEmpty();
    }
  }

  @Test
  void whileTheSinkIsBusyOnlyTheNewestWaits() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    controlPlane.greetWith(Snapshots.of(1, 1));
    SnapshotSink sink =
        snapshot -> {
          offered.add(snapshot);
          busy.countDown();
          return awaitUninterrupted(free);
        };
    try (ControlClient client = start(controlPlane.port(), sink)) {
      controlPlane.hello();
      assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
      for (int version = 2; version <= 50; version++) {
        controlPlane.send(Snapshots.of(version, version));
      }
      await().atMost(SOON).until(() -> client.status().offeredVersion() == 50);
      // Reports go on while the sink is busy: the stream does not wait for it.
      controlPlane.report();
      free.countDown();
      assertThat(controlPlane.ack().getVersion()).isEqualTo(1);
      await().atMost(SOON).until(() -> client.status().acceptedVersion() == 50);
      assertThat(offered)
          .extracting(ControlSnapshot::version)
          .hasSizeLessThanOrEqualTo(3)
          .endsWith(50L);
    }
  }

  @Test
  void withoutAControlPlaneItStartsFromTheDiskAndLaterConnects() throws Exception {
    new LastGoodSnapshot(state).save(Snapshots.of(5, 50_000));
    int port = freePort();
    try (ControlClient client = start(port, this::accept)) {
      assertThat(client.awaitFirstWord(SOON)).isTrue();
      assertThat(offered).extracting(ControlSnapshot::version).containsExactly(5L);
      assertThat(client.status().fromDisk()).isTrue();
      await().atMost(SOON).until(() -> !client.status().lastFailure().isEmpty());
      assertThat(client.status().connected()).isFalse();

      try (ScriptedControlPlane late =
          new ScriptedControlPlane(port).greetWith(Snapshots.of(5, 50_000))) {
        assertThat(late.hello().getLastVersion()).isEqualTo(5);
        assertThat(late.ack().getVersion()).isEqualTo(5);
        assertThat(offered).as("the same snapshot is not offered again").hasSize(1);
        await().atMost(SOON).until(() -> !client.status().fromDisk());
      }
    }
  }

  @Test
  void aBrokenSnapshotOnDiskIsIgnored() throws Exception {
    Files.writeString(state.resolve(LastGoodSnapshot.FILE_NAME), "garbage");
    controlPlane.greetWith(Snapshots.of(2, 2));
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      assertThat(controlPlane.ack().getVersion()).isEqualTo(2);
      assertThat(client.status().fromDisk()).isFalse();
    }
  }

  @Test
  void withNeitherDiskNorControlPlaneThereIsNothingToWaitFor() throws Exception {
    try (ControlClient client = start(freePort(), this::accept)) {
      assertThat(client.awaitFirstWord(SOON)).isTrue();
      assertThat(offered).isEmpty();
    }
  }

  @Test
  void aControlPlaneThatIsThereIsWaitedForEvenWhereTheDiskHasSaidSomething() throws Exception {
    new LastGoodSnapshot(state).save(Snapshots.of(5, 50_000));
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      controlPlane.hello();
      await().atMost(SOON).until(() -> client.status().acceptedVersion() == 5);
      assertThat(client.awaitFirstWord(Duration.ofMillis(100))).isFalse();
      controlPlane.send(Snapshots.of(6, 50_000));
      assertThat(client.awaitFirstWord(SOON)).isTrue();
      assertThat(client.status().acceptedVersion()).isEqualTo(6);
    }
  }

  @Test
  void aRestartedControlPlaneIsFoundAgainWhateverHappens() throws Exception {
    int port = freePort();
    try (ControlClient client = start(port, this::accept)) {
      for (int round = 1; round <= 5; round++) {
        try (ScriptedControlPlane one =
            new ScriptedControlPlane(port).greetWith(Snapshots.of(round, round))) {
          assertThat(one.hello().getLastVersion()).isEqualTo(round - 1);
          assertThat(one.ack().getVersion()).isEqualTo(round);
        }
        await().atMost(SOON).until(() -> !client.status().connected());
        assertThat(client.status().acceptedVersion()).isEqualTo(round);
      }
    }
  }

  @Test
  void anEndedStreamIsOpenedAgain() throws Exception {
    controlPlane.greetWith(Snapshots.of(3, 3));
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      controlPlane.hello();
      controlPlane.ack();
      controlPlane.endStream(Status.UNAVAILABLE.withDescription("the control plane leaves"));
      assertThat(controlPlane.hello().getLastVersion()).isEqualTo(3);
      assertThat(controlPlane.ack().getNonce()).isEqualTo(2);
      assertThat(client.status().lastFailure()).isEqualTo("UNAVAILABLE: the control plane leaves");
      assertThat(offered).hasSize(1);
    }
  }

  @Test
  void aSilentControlPlaneIsGivenUpAndAHeartbeatIsASignOfLife() throws Exception {
    controlPlane.greetWith(Snapshots.of(3, 3));
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      controlPlane.hello();
      long began = System.nanoTime();
      while (System.nanoTime() - began < QUICK.silenceMax().multipliedBy(2).toNanos()) {
        controlPlane.heartbeat();
        controlPlane.report();
      }
      assertThat(controlPlane.unreadHellos())
          .as("streams opened again while heartbeats came")
          .isZero();
      controlPlane.hello();
      assertThat(client.status().lastFailure()).contains("nothing was heard");
    }
  }

  @Test
  void aLowerVersionIsTakenAsTheTruthOfARestoredControlPlane() throws Exception {
    controlPlane.greetWith(Snapshots.of(90, 90));
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      controlPlane.ack();
      controlPlane.send(Snapshots.of(4, 4));
      assertThat(controlPlane.ack().getVersion()).isEqualTo(4);
      assertThat(offered).extracting(ControlSnapshot::version).containsExactly(90L, 4L);
      assertThat(client.status().acceptedVersion()).isEqualTo(4);
    }
  }

  @Test
  void reportsCarryTheirIntervalAndABrokenSourceDoesNotEndThem() throws Exception {
    controlPlane.greetWith(Snapshot.newBuilder().setVersion(1).build());
    AtomicInteger taken = new AtomicInteger();
    ReportSource source =
        () -> {
          if (taken.incrementAndGet() == 1) {
            throw new IllegalStateException("broken counter");
          }
          return Report.newBuilder().setSessions(taken.get()).build();
        };
    try (ControlClient client =
        ControlClient.start(settings(controlPlane.port()), this::accept, source, new Random(1))) {
      Report report = controlPlane.report();
      assertThat(report.getSessions()).isEqualTo(2);
      assertThat(report.getInterval().getNanos()).isEqualTo(50_000_000);
      assertThat(client.status().connected()).isTrue();
    }
  }

  @Test
  void theLargestSnapshotPasses() throws Exception {
    Snapshot.Builder large = Snapshot.newBuilder().setVersion(1);
    for (int i = 0; i < 12; i++) {
      MigrationConfig.Builder migration = Snapshots.of(1, 1).getMigrations(0).toBuilder();
      large.addMigrations(migration.setName("m" + i).setYaml("x".repeat(256 << 10)));
    }
    controlPlane.greetWith(large.build());
    try (ControlClient client = start(controlPlane.port(), this::accept)) {
      controlPlane.ack();
      assertThat(offered.getFirst().migrations()).hasSize(12);
      assertThat(client.status().acceptedVersion()).isEqualTo(1);
    }
  }

  @Test
  void closingIsQuickAndLeavesNoThread() throws Exception {
    controlPlane.greetWith(Snapshots.of(1, 1));
    ControlClient client = start(controlPlane.port(), this::accept);
    controlPlane.ack();
    long began = System.nanoTime();
    client.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    await()
        .atMost(SOON)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("crossfade-control")));
  }

  private Optional<Refusal> accept(ControlSnapshot snapshot) {
    offered.add(snapshot);
    return Optional.empty();
  }

  private static Optional<Refusal> awaitUninterrupted(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS) ? Optional.empty() : refusal("waited too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refusal("interrupted");
    }
  }

  private static Optional<Refusal> refusal(String reason) {
    return Optional.of(new Refusal(reason, false));
  }

  private ControlClient start(int port, SnapshotSink sink) {
    return ControlClient.start(settings(port), sink, Report::getDefaultInstance, new Random(42));
  }

  private ControlSettings settings(int port) {
    return new ControlSettings(
        "127.0.0.1",
        port,
        new SidecarIdentity("shop", "pod-1", "test", List.of("postgresql")),
        state,
        QUICK);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
