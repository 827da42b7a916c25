package dev.crossfade.engine.catalog;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;

/**
 * The part of a migration that routes traffic.
 *
 * @param reads the share asked for new; in force in RAMP only
 * @param bucketGroup what buckets are computed with besides the stickiness key; empty for the
 *     migration's name
 */
public record Position(
    Stage stage,
    ReadShare reads,
    Stickiness stickiness,
    Consistency consistency,
    String bucketGroup) {
  /** Where every migration begins. */
  public static final Position START = new Position(Stage.OFF, ReadShare.NONE, Stickiness.SESSION);

  /** With buckets of the migration's own. */
  public Position(Stage stage, ReadShare reads, Stickiness stickiness, Consistency consistency) {
    this(stage, reads, stickiness, consistency, "");
  }

  /** With the usual promises. */
  public Position(Stage stage, ReadShare reads, Stickiness stickiness) {
    this(stage, reads, stickiness, Consistency.USUAL);
  }

  Position with(Stage newStage) {
    return new Position(newStage, reads, stickiness, consistency, bucketGroup);
  }

  Position with(ReadShare newReads) {
    return new Position(stage, newReads, stickiness, consistency, bucketGroup);
  }

  Position withOwnBuckets() {
    return new Position(stage, reads, stickiness, consistency, "");
  }

  Position with(Consistency newConsistency) {
    return new Position(stage, reads, stickiness, newConsistency, bucketGroup);
  }
}
