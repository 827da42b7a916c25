package dev.crossfade.bench.fleet;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.SignalServiceGrpc;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.SignalsRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.bench.demo.ControlPlaneProcess;
import dev.crossfade.bench.process.Packaged;
import dev.crossfade.bench.process.ProcessFigures;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * One control plane in a process of its own, on a database elsewhere, and its fleet in this one.
 */
final class FleetRun implements AutoCloseable {
  static final List<String> MIGRATIONS = List.of("split-customers", "rename-orders");
  private static final ChangeNote NOTE = ChangeNote.newBuilder().setActor("bench").build();
  private static final String YAML =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: %s, owner: bench, rationale: "measured", risk: low}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: SELECT id, name AS full_name FROM people
        new:
          people:
            entity: [id]
            up: SELECT id, full_name AS name FROM customers
      """;

  private final Scratch folder = Scratch.create("crossfade-fleet");
  private final EmbeddedServer database = EmbeddedServer.start();
  private final ControlPlaneProcess controlPlane;
  private final ManagedChannel channel;
  private final SimulatedFleet fleet;
  private final Map<Long, Long> asked = new ConcurrentHashMap<>();
  private final Histogram delays = new ConcurrentHistogram(3);
  private int buckets;

  /** What a fleet costs its control plane. */
  record Cost(double cores, double mebibytes, long reports, long counted) {}

  FleetRun() {
    controlPlane =
        ControlPlaneProcess.sharing(
            Packaged.CONTROL_PLANE.jvm(),
            "jdbc:postgresql://" + database.host() + ":" + database.port() + "/postgres",
            EmbeddedServer.SUPERUSER,
            folder.write(
                "databases.yaml",
                "default:\n"
                    + "  old: {url: 'postgresql://127.0.0.1:1/a'}\n"
                    + "  new: {url: 'postgresql://127.0.0.1:1/b'}\n"),
            0);
    channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", controlPlane.port()).usePlaintext().build();
    fleet =
        new SimulatedFleet(controlPlane.port(), MIGRATIONS, (sidecar, version) -> arrived(version));
    for (String migration : MIGRATIONS) {
      migrations()
          .apply(
              ApplyRequest.newBuilder().setYaml(YAML.formatted(migration)).setNote(NOTE).build());
      for (Stage stage : List.of(Stage.STAGE_DUAL_WRITE, Stage.STAGE_SHADOW, Stage.STAGE_RAMP)) {
        migrations()
            .setStage(
                SetStageRequest.newBuilder()
                    .setName(migration)
                    .setStage(stage)
                    .setNote(NOTE)
                    .build());
      }
    }
  }

  private MigrationServiceBlockingStub migrations() {
    return MigrationServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  /** Which change it was is known when its call has returned; it may arrive before that. */
  private void arrived(long version) {
    Long at = asked.get(version);
    if (at != null) {
      delays.recordValue(Math.max(0, (System.nanoTime() - at) / 1_000));
    }
  }

  SimulatedFleet fleet() {
    return fleet;
  }

  /**
   * Changes the percentage so often.
   *
   * @return from the call to each sidecar, in microseconds
   */
  Histogram change(int times) {
    long version = current();
    for (int i = 0; i < times; i++) {
      asked.put(version + 1, System.nanoTime());
      MigrationResponse response =
          migrations()
              .setReadPercent(
                  SetReadPercentRequest.newBuilder()
                      .setName(MIGRATIONS.getFirst())
                      .setReadBuckets(nextBuckets())
                      .setNote(NOTE)
                      .build());
      if (response.getMigration().getVersion() != version + 1) {
        throw new IllegalStateException("somebody else changes the catalog");
      }
      version++;
      fleet.awaitVersion(version);
    }
    return delays;
  }

  /** Another one than before: what changes nothing is no change. */
  private int nextBuckets() {
    buckets = buckets % 1_000 + 1;
    return buckets;
  }

  private long current() {
    return migrations()
        .list(dev.crossfade.api.v1.ListRequest.getDefaultInstance())
        .getMigrationsList()
        .stream()
        .mapToLong(dev.crossfade.api.v1.Migration::getVersion)
        .max()
        .orElseThrow();
  }

  /** What came to the control plane's totals so far, of the first migration. */
  long counted() {
    Signals signals =
        SignalServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .getSignals(SignalsRequest.newBuilder().setMigration(MIGRATIONS.getFirst()).build());
    return signals.getTotalOnOld();
  }

  /** Lets the fleet report for so long, and looks at the control plane's process meanwhile. */
  Cost cost(Duration time) {
    long sentBefore = fleet.sent();
    long countedBefore = counted();
    Duration cpu = ProcessFigures.cpu(controlPlane.pid());
    long begin = System.nanoTime();
    long most = 0;
    while (System.nanoTime() - begin < time.toNanos()) {
      most = Math.max(most, ProcessFigures.residentKib(controlPlane.pid()));
      fleet.check();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
    double took = System.nanoTime() - begin;
    Duration used = ProcessFigures.cpu(controlPlane.pid()).minus(cpu);
    return new Cost(
        used.toNanos() / took,
        most / 1024.0,
        fleet.sent() - sentBefore,
        (counted() - countedBefore) / 100);
  }

  @Override
  public void close() {
    fleet.close();
    channel.shutdownNow();
    controlPlane.close();
    database.close();
    folder.close();
  }
}
