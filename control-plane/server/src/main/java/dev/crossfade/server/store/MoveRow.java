package dev.crossfade.server.store;

import dev.crossfade.engine.catalog.Move;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A move, as it was last written.
 *
 * @param term which owner it has, counted from 1; 0 before the first
 * @param end null while it is under way
 */
public record MoveRow(String migration, Move move, long term, Times times, @Nullable End end) {
  /**
   * When what happened to it, by the store's clock.
   *
   * @param readAt the time of this row
   */
  public record Times(Instant begunAt, Instant readAt) {}

  /**
   * What it came to.
   *
   * @param done whether the stage was set
   * @param outcome one sentence for people
   * @param epoch 0 when the authority was not moved
   * @param pause zero when it is not known
   */
  public record End(boolean done, Instant at, String outcome, long epoch, Duration pause) {}
}
