package dev.crossfade.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.MigrationConfig;
import dev.crossfade.api.v1.ReadFreshness;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.migration.WriteAck;
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
  void bucketsAreTheMigrationsOwnUnlessAGroupIsTold() {
    assertThat(group("")).isEqualTo("orders");
    assertThat(group("shop-reads")).isEqualTo("shop-reads");
  }

  private static String group(String told) {
    MigrationConfig config = base().setBucketGroup(told).build();
    return SnapshotWire.read(Snapshot.newBuilder().setVersion(7).addMigrations(config).build())
        .migrations()
        .getFirst()
        .flags()
        .bucketGroup();
  }

  @Test
  void promisesAreUnderstood() {
    assertThat(read(message(ReadFreshness.READ_FRESHNESS_EVENTUAL, 2)))
        .isEqualTo(
            new Consistency(
                dev.crossfade.core.migration.ReadFreshness.EVENTUAL, WriteAck.MIRRORED));
    assertThat(
            read(
                message(ReadFreshness.READ_FRESHNESS_BOUNDED, 1)
                    .setBound(Duration.newBuilder().setNanos(250_000_000))))
        .hasToString("Consistency[freshness=bounded:250ms, ack=async]");
    assertThat(read(message(ReadFreshness.READ_FRESHNESS_UNSPECIFIED, 0)))
        .as("from an older control plane")
        .isEqualTo(Consistency.USUAL);
    assertRefused(
        base().setConsistency(message(ReadFreshness.READ_FRESHNESS_EVENTUAL, 9)),
        "migration orders: this sidecar does not know its ack (9)");
    assertRefused(
        base().setConsistency(message(ReadFreshness.READ_FRESHNESS_BOUNDED, 1)),
        "migration orders: a bound is 100ms to 3600s, not PT0S");
  }

  private static dev.crossfade.api.v1.Consistency.Builder message(
      ReadFreshness freshness, int ack) {
    return dev.crossfade.api.v1.Consistency.newBuilder().setFreshness(freshness).setAckValue(ack);
  }

  private static Consistency read(dev.crossfade.api.v1.Consistency.Builder consistency) {
    MigrationConfig config = base().setConsistency(consistency).build();
    return SnapshotWire.read(Snapshot.newBuilder().addMigrations(config).build())
        .migrations()
        .getFirst()
        .flags()
        .consistency();
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
