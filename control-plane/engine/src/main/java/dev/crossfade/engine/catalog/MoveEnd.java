package dev.crossfade.engine.catalog;

import java.time.Duration;

/** What a move came to. */
public sealed interface MoveEnd {
  /**
   * It is done.
   *
   * @param epoch how often the authority has been moved, from 1; 0 when it was not moved
   * @param pause for how long nobody could write; zero when that is not known, or nobody waited
   */
  record Arrived(long epoch, Duration pause) implements MoveEnd {}

  /**
   * All is as it was before.
   *
   * @param reason a part of a sentence for people
   */
  record Failed(String reason) implements MoveEnd {}
}
