package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.MigrationConfig;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Stickiness;

/** Snapshots for tests. */
public final class Snapshots {
  private Snapshots() {}

  /** One migration, read from new at random. */
  public static Snapshot of(long version, String migration, String yaml, Stage stage, int share) {
    return Snapshot.newBuilder()
        .setVersion(version)
        .addMigrations(
            MigrationConfig.newBuilder()
                .setName(migration)
                .setYaml(yaml)
                .setStage(stage)
                .setReadBuckets(share)
                .setStickiness(Stickiness.STICKINESS_RANDOM))
        .build();
  }

  /** One migration in RAMP with this share. */
  static Snapshot of(long version, int readBuckets) {
    return Snapshot.newBuilder()
        .setVersion(version)
        .addMigrations(
            MigrationConfig.newBuilder()
                .setName("orders")
                .setYaml("kind: Migration")
                .setStage(Stage.STAGE_RAMP)
                .setReadBuckets(readBuckets)
                .setStickiness(Stickiness.STICKINESS_ENTITY))
        .build();
  }
}
