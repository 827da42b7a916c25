package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.Sidecar;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.api.v1.WatchRequest;
import dev.crossfade.server.store.Database;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two control planes on one database. */
class ReplicasIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Database.Login login;
  private Replica one;
  private Replica two;

  @BeforeEach
  void start() throws Exception {
    login = TestDatabases.create();
    try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
      // At the same time, as a deployment would: the schema is made once.
      Future<Replica> first = starters.submit(() -> Replica.start(login));
      Future<Replica> second = starters.submit(() -> Replica.start(login));
      one = first.get(60, TimeUnit.SECONDS);
      two = second.get(60, TimeUnit.SECONDS);
    }
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void aChangeAtOneIsWatchedAtTheOther() {
    Iterator<WatchEvent> watch = two.migrations().watch(WatchRequest.getDefaultInstance());
    one.apply("orders");
    assertThat(watch.next().getMigration().getName()).isEqualTo("orders");
    one.stage("orders", Stage.STAGE_DUAL_WRITE);
    WatchEvent event = watch.next();
    assertThat(event.getMigration().getStage()).isEqualTo(Stage.STAGE_DUAL_WRITE);
    assertThat(event.getChange().getVersion()).isEqualTo(2);
  }

  @Test
  void aChangeAtOneReachesTheSidecarsOfTheOtherFasterThanAPoll() throws Exception {
    one.apply("orders");
    ScriptedSidecar sidecar = ScriptedSidecar.connect(two.channel()).hello("shop", "pod-1", 0);
    sidecar.snapshotOf(1);
    int quick = 0;
    for (int i = 1; i <= 10; i++) {
      long began = System.nanoTime();
      long version = one.reads("orders", i);
      sidecar.snapshotOf(version);
      if (System.nanoTime() - began < Duration.ofMillis(400).toNanos()) {
        quick++;
      }
    }
    // A poll would be this quick four times in ten.
    assertThat(quick).isGreaterThanOrEqualTo(8);
  }

  @Test
  void aSidecarThatIsAheadOfAReplicaNeverGoesBack() throws Exception {
    one.apply("orders");
    for (int i = 1; i <= 20; i++) {
      long version = one.reads("orders", i);
      ScriptedSidecar sidecar =
          ScriptedSidecar.connect(two.channel()).hello("shop", "pod-" + i, version);
      assertThat(sidecar.snapshot().getVersion()).isGreaterThanOrEqualTo(version);
    }
  }

  @Test
  void changesAtBothInterleaveWithoutGapsOrLoss() throws Exception {
    one.apply("orders");
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = callers.submit(() -> change(one, 1));
      Future<?> second = callers.submit(() -> change(two, 1_000));
      first.get(60, TimeUnit.SECONDS);
      second.get(60, TimeUnit.SECONDS);
    }
    List<Migration> here =
        one.migrations().list(ListRequest.getDefaultInstance()).getMigrationsList();
    assertThat(here.getFirst().getVersion()).isEqualTo(101);
    assertThat(two.migrations().list(ListRequest.getDefaultInstance()).getMigrationsList())
        .isEqualTo(here);
  }

  private static void change(Replica replica, int base) {
    for (int i = 0; i < 50; i++) {
      replica.reads("orders", base + i);
    }
  }

  @Test
  void theSidecarsOfBothAreListedAtBoth() throws Exception {
    ScriptedSidecar first = ScriptedSidecar.connect(one.channel()).hello("shop", "a", 0);
    ScriptedSidecar second = ScriptedSidecar.connect(two.channel()).hello("shop", "b", 0);
    first.ack(first.snapshot());
    second.nack(second.snapshot(), "no");
    for (Replica replica : List.of(one, two)) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(replica.sidecars())
                    .extracting(Sidecar::getInstance)
                    .containsExactly("a", "b");
                assertThat(replica.sidecars())
                    .extracting(Sidecar::getConnected)
                    .containsExactly(true, true);
              });
    }
  }

  @Test
  void aSidecarThatMovesToTheOtherReplicaStaysConnected() throws Exception {
    ScriptedSidecar first = ScriptedSidecar.connect(one.channel()).hello("shop", "a", 0);
    first.snapshot();
    await().atMost(SOON).until(() -> two.sidecars().stream().anyMatch(Sidecar::getConnected));
    ScriptedSidecar moved = ScriptedSidecar.connect(two.channel()).hello("shop", "a", 0);
    moved.snapshot();
    first.leave();
    first.end();
    await()
        .atMost(SOON)
        .during(Duration.ofSeconds(4))
        .until(() -> two.sidecars().stream().allMatch(Sidecar::getConnected));
    await().atMost(SOON).until(() -> one.sidecars().stream().allMatch(Sidecar::getConnected));
  }

  @Test
  void lostConnectionsToTheDatabaseHealAndNothingIsMissed() throws Exception {
    one.apply("orders");
    ScriptedSidecar sidecar = ScriptedSidecar.connect(two.channel()).hello("shop", "pod-1", 0);
    sidecar.snapshotOf(1);
    TestDatabases.execute(
        login.jdbcUrl(),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    long version =
        await()
            .atMost(SOON)
            .ignoreException(StatusRuntimeException.class)
            .until(() -> Optional.of(one.reads("orders", 77)), Optional::isPresent)
            .orElseThrow();
    Snapshot snapshot = sidecar.snapshotOf(version);
    assertThat(snapshot.getMigrations(0).getReadBuckets()).isEqualTo(77);
  }

  @Test
  void withoutTheDatabaseSidecarsAreServedAndChangesAreUnavailable() throws Exception {
    one.apply("orders");
    String name = login.jdbcUrl().replaceFirst(".*/", "");
    String maintenance = login.jdbcUrl().replaceFirst("/[^/]*$", "/postgres");
    TestDatabases.execute(maintenance, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    TestDatabases.execute(
        maintenance,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    try {
      await().atMost(SOON).until(() -> health(one) == ServingStatus.NOT_SERVING);
      ScriptedSidecar sidecar = ScriptedSidecar.connect(one.channel()).hello("shop", "pod-1", 0);
      assertThat(sidecar.snapshot().getMigrations(0).getName()).isEqualTo("orders");
      try {
        one.reads("orders", 5);
        throw new AssertionError("a change without the database");
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(e.getStatus().getDescription())
            .isEqualTo("the control plane's database cannot be reached now: try again in a moment");
      }
    } finally {
      TestDatabases.execute(maintenance, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    }
    await().atMost(SOON).until(() -> health(one) == ServingStatus.SERVING);
    assertThat(one.reads("orders", 5)).isEqualTo(2);
  }

  private static ServingStatus health(Replica replica) {
    return HealthGrpc.newBlockingStub(replica.channel())
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService("crossfade.v1.MigrationService").build())
        .getStatus();
  }
}
