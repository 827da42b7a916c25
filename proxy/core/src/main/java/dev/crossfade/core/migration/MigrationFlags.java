package dev.crossfade.core.migration;

/**
 * What the control plane says of one migration now.
 *
 * @param migration the migration's name, also the group of its buckets
 * @param reads the share of reads that new answers; counts in stage RAMP only
 */
public record MigrationFlags(
    String migration,
    Stage stage,
    ReadShare reads,
    Stickiness stickiness,
    Consistency consistency) {
  /** With the usual promises. */
  public MigrationFlags(String migration, Stage stage, ReadShare reads, Stickiness stickiness) {
    this(migration, stage, reads, stickiness, Consistency.USUAL);
  }

  /** The same with another share. */
  public MigrationFlags with(ReadShare share) {
    return new MigrationFlags(migration, stage, share, stickiness, consistency);
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
