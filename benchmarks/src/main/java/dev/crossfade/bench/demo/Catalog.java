package dev.crossfade.bench.demo;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Stickiness;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.concurrent.TimeUnit;

/**
 * One migration in the control plane's catalog, changed over gRPC as any tool would. Blocks; fails
 * with gRPC's exceptions.
 */
final class Catalog implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 20;
  private static final int BUCKETS_PER_PERCENT = 1000;
  private static final ChangeNote NOTE =
      ChangeNote.newBuilder().setActor("demo").setReason("the demo's script").build();

  private final ManagedChannel channel;
  private final String migration;

  Catalog(String host, int port, String migration) {
    this.channel = ManagedChannelBuilder.forAddress(host, port).usePlaintext().build();
    this.migration = migration;
  }

  private MigrationServiceBlockingStub service() {
    return MigrationServiceGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Puts the file into the catalog. */
  void apply(String yaml, String source) {
    service()
        .apply(ApplyRequest.newBuilder().setYaml(yaml).setSource(source).setNote(NOTE).build());
  }

  /** Moves one step and returns the catalog's version after it. */
  long stage(Stage stage) {
    return service()
        .setStage(
            SetStageRequest.newBuilder().setName(migration).setStage(stage).setNote(NOTE).build())
        .getMigration()
        .getVersion();
  }

  /** Sets the share, each read deciding for itself, and returns the catalog's version after it. */
  long reads(int percent) {
    return service()
        .setReadPercent(
            SetReadPercentRequest.newBuilder()
                .setName(migration)
                .setReadBuckets(percent * BUCKETS_PER_PERCENT)
                .setStickiness(Stickiness.STICKINESS_RANDOM)
                .setNote(NOTE)
                .build())
        .getMigration()
        .getVersion();
  }

  /** The migration as it is now. */
  Migration now() {
    return service().get(GetRequest.newBuilder().setName(migration).build()).getMigration();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
