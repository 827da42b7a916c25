package dev.crossfade.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.MigrationConfig;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import org.junit.jupiter.api.Test;

class SnapshotWireTest {
  @Test
  void everyStageAndStickinessIsUnderstood() {
    for (Stage stage : Stage.values()) {
      for (Stickiness stickiness : Stickiness.values()) {
        MigrationConfig config =
            base()
                .setStageValue(stage.ordinal() + 1)
                .setStickinessValue(stickiness.ordinal() + 1)
                .build();
        assertThat(
                SnapshotWire.read(Snapshot.newBuilder().setVersion(7).addMigrations(config).build())
                    .migrations())
            .containsExactly(
                new MigrationEntry(
                    "orders",
                    "text",
                    new MigrationFlags("orders", stage, new ReadShare(25_000), stickiness)));
      }
    }
  }

  @Test
  void whatIsUnknownOrOutOfRangeNamesTheMigration() {
    assertRefused(
        base().setStageValue(99), "migration orders: this sidecar does not know its stage (99)");
    assertRefused(
        base().clearStage(), "migration orders: this sidecar does not know its stage (0)");
    assertRefused(
        base().setStickinessValue(9),
        "migration orders: this sidecar does not know its stickiness (9)");
    assertRefused(
        base().setReadBuckets(100_001),
        "migration orders: a read share is 0 to 100000 buckets, not 100001");
  }

  private static MigrationConfig.Builder base() {
    return MigrationConfig.newBuilder()
        .setName("orders")
        .setYaml("text")
        .setStageValue(4)
        .setReadBuckets(25_000)
        .setStickinessValue(1);
  }

  private static void assertRefused(MigrationConfig.Builder config, String message) {
    Snapshot snapshot = Snapshot.newBuilder().addMigrations(config).build();
    assertThatThrownBy(() -> SnapshotWire.read(snapshot))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
