package dev.crossfade.core.migration;

/**
 * What the control plane says of one migration now.
 *
 * @param reads the share of reads that new answers; counts in stage RAMP only
 * @param bucketGroup what a caller's bucket is computed with, so that whoever else uses the same
 *     group lets the same callers in; the migration's name unless something else decides the share
 */
public record MigrationFlags(
    String migration,
    Stage stage,
    ReadShare reads,
    Stickiness stickiness,
    Consistency consistency,
    String bucketGroup) {
  /** With buckets of its own. */
  public MigrationFlags(
      String migration,
      Stage stage,
      ReadShare reads,
      Stickiness stickiness,
      Consistency consistency) {
    this(migration, stage, reads, stickiness, consistency, migration);
  }

  /** For people, in one line. */
  @Override
  public String toString() {
    return migration
        + ' '
        + stage
        + ", reads "
        + reads
        + " by "
        + stickiness
        + ", freshness "
        + consistency.freshness()
        + ", ack "
        + consistency.ack()
        + (bucketGroup.equals(migration) ? "" : ", buckets of " + bucketGroup);
  }

  /** With the usual promises. */
  public MigrationFlags(String migration, Stage stage, ReadShare reads, Stickiness stickiness) {
    this(migration, stage, reads, stickiness, Consistency.USUAL);
  }

  /** The same with another share. */
  public MigrationFlags with(ReadShare share) {
    return new MigrationFlags(migration, stage, share, stickiness, consistency, bucketGroup);
  }

  /**
   * The share in force: only RAMP splits, before it all reads are old's and after it all are new's.
   */
  public ReadShare effectiveReads() {
    return switch (stage) {
      case OFF, DUAL_WRITE, SHADOW -> ReadShare.NONE;
      case RAMP -> reads;
      case LIVE, RAMPDOWN, COMPLETE -> ReadShare.ALL;
    };
  }
}
