package dev.crossfade.engine.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the history.
 *
 * @param version the catalog's version that it made
 * @param from where the migration stood before; null when it was created
 * @param to where it stands after
 */
public record Change(
    long version,
    String migration,
    Instant at,
    Kind kind,
    ChangeNote note,
    @Nullable Position from,
    Position to) {

  /** What happened. */
  public enum Kind {
    CREATED,
    REPLACED,
    STAGE,
    READS,
    ROLLBACK,
    /** What clients are promised was set. */
    CONSISTENCY,
    /** Its flag decides the share of reads again; nothing else changed. */
    FOLLOWED,
    /** The databases' catalogs were compared; nothing else changed. */
    CHECKED,
    /** A move is under way. */
    MOVE_BEGUN,
    /** A move has ended, and nothing has come of it. */
    MOVE_FAILED;

    /** Whether the migration stands where it stood. */
    public boolean isOfNoEffect() {
      return this == MOVE_BEGUN || this == MOVE_FAILED;
    }
  }

  /** Where the migration stands after it. */
  public Position standing() {
    return from != null && kind.isOfNoEffect() ? from : to;
  }
}
