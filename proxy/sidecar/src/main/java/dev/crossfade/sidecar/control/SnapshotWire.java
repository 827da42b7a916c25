package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.MigrationConfig;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.migration.WriteAck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the snapshot message into the sidecar's own values. */
final class SnapshotWire {
  private SnapshotWire() {}

  /**
   * @throws IllegalArgumentException when a value is unknown here (a newer control plane) or out of
   *     its range; the message names the migration
   */
  static ControlSnapshot read(Snapshot wire) {
    List<MigrationEntry> entries = new ArrayList<>(wire.getMigrationsCount());
    for (MigrationConfig config : wire.getMigrationsList()) {
      entries.add(entry(config));
    }
    return new ControlSnapshot(wire.getVersion(), entries);
  }

  private static MigrationEntry entry(MigrationConfig config) {
    String name = config.getName();
    try {
      MigrationFlags flags =
          new MigrationFlags(
              name,
              stage(config),
              new ReadShare(config.getReadBuckets()),
              stickiness(config),
              new Consistency(freshness(config.getConsistency()), ack(config.getConsistency())),
              config.getBucketGroup().isEmpty() ? name : config.getBucketGroup());
      return new MigrationEntry(name, config.getYaml(), flags);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("migration " + name + ": " + e.getMessage(), e);
    }
  }

  private static Stage stage(MigrationConfig config) {
    return switch (config.getStage()) {
      case STAGE_OFF -> Stage.OFF;
      case STAGE_DUAL_WRITE -> Stage.DUAL_WRITE;
      case STAGE_SHADOW -> Stage.SHADOW;
      case STAGE_RAMP -> Stage.RAMP;
      case STAGE_LIVE -> Stage.LIVE;
      case STAGE_RAMPDOWN -> Stage.RAMPDOWN;
      case STAGE_COMPLETE -> Stage.COMPLETE;
      case STAGE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "this sidecar does not know its stage (" + config.getStageValue() + ")");
    };
  }

  private static Stickiness stickiness(MigrationConfig config) {
    return switch (config.getStickiness()) {
      case STICKINESS_SESSION -> Stickiness.SESSION;
      case STICKINESS_ENTITY -> Stickiness.ENTITY;
      case STICKINESS_USER -> Stickiness.USER;
      case STICKINESS_RANDOM -> Stickiness.RANDOM;
      case STICKINESS_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "this sidecar does not know its stickiness (" + config.getStickinessValue() + ")");
    };
  }

  private static ReadFreshness freshness(dev.crossfade.api.v1.Consistency consistency) {
    return switch (consistency.getFreshness()) {
      case READ_FRESHNESS_UNSPECIFIED -> Consistency.USUAL.freshness();
      case READ_FRESHNESS_READ_YOUR_WRITES -> ReadFreshness.READ_YOUR_WRITES;
      case READ_FRESHNESS_EVENTUAL -> ReadFreshness.EVENTUAL;
      case READ_FRESHNESS_BOUNDED ->
          ReadFreshness.bounded(
              Duration.ofSeconds(
                  consistency.getBound().getSeconds(), consistency.getBound().getNanos()));
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "this sidecar does not know its freshness (" + consistency.getFreshnessValue() + ")");
    };
  }

  private static WriteAck ack(dev.crossfade.api.v1.Consistency consistency) {
    return switch (consistency.getAck()) {
      case WRITE_ACK_UNSPECIFIED -> Consistency.USUAL.ack();
      case WRITE_ACK_ASYNC -> WriteAck.ASYNC;
      case WRITE_ACK_MIRRORED -> WriteAck.MIRRORED;
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "this sidecar does not know its ack (" + consistency.getAckValue() + ")");
    };
  }
}
