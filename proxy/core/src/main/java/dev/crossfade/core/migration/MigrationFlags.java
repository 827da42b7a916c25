package dev.crossfade.core.migration;

/**
 * What the control plane says of one migration now.
 *
 * @param migration the migration's name, also the group of its buckets
 * @param reads the share of reads that new answers; counts in stage RAMP only
 */
public record MigrationFlags(
    String migration, Stage stage, ReadShare reads, Stickiness stickiness) {
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
