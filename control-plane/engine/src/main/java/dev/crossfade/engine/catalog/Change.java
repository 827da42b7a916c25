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
    /** The databases' catalogs were compared; nothing else changed. */
    CHECKED
  }
}
