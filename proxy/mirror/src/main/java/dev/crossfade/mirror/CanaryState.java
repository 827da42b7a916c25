package dev.crossfade.mirror;

import java.time.Duration;

/**
 * Whether the way to the other side has been proved to work: by a row of the migration's own that
 * was sent and has arrived.
 *
 * @param known whether it can be sent at all: what a former version has installed has none
 * @param proved when the last one was sent that has arrived, on the clock of {@link
 *     System#nanoTime}; before the first one, when it began to be tried
 * @param lag how long the last one took that was sent from here
 * @param trouble why none is sent; empty when nothing is known to be wrong
 */
public record CanaryState(boolean known, long proved, Duration lag, String trouble) {
  /** Nobody sends one. */
  public static final CanaryState NONE = new CanaryState(false, 0, Duration.ZERO, "");

  /** How long ago that was. */
  public Duration age() {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - proved));
  }
}
