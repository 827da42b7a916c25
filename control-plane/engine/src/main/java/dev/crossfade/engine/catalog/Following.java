package dev.crossfade.engine.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a migration's share of reads follows a flag.
 *
 * @param flag its name
 * @param takeover that somebody has taken the share over; null while the flag decides
 */
public record Following(String flag, @Nullable Takeover takeover) {
  /**
   * By an override or a rollback.
   *
   * @param actor who
   */
  public record Takeover(String actor, Instant at) {}

  public boolean isOverridden() {
    return takeover != null;
  }

  /** Somebody takes it over, or does so once more. */
  Following overridden(ChangeNote note, Moment moment) {
    return new Following(flag, new Takeover(note.actor(), moment.at()));
  }

  /** The flag decides again. */
  Following resumed() {
    return new Following(flag, null);
  }
}
