package dev.crossfade.sidecar.control;

import java.time.Duration;

/**
 * The client's pauses.
 *
 * @param backoffMin the pause before the first reconnect; each further one is twice as long
 * @param backoffMax the longest pause before a reconnect
 * @param silenceMax without any message for this long the stream is given up
 * @param reportEvery between two reports
 * @param retryRefused before a refused snapshot is offered again; doubles up to ten times this
 */
public record ControlTiming(
    Duration backoffMin,
    Duration backoffMax,
    Duration silenceMax,
    Duration reportEvery,
    Duration retryRefused) {
  /** What a sidecar uses in service. */
  public static final ControlTiming DEFAULT =
      new ControlTiming(
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  public ControlTiming {
    if (backoffMin.isNegative() || backoffMin.isZero() || backoffMax.compareTo(backoffMin) < 0) {
      throw new IllegalArgumentException(
          "backoff must be positive and its minimum not above its maximum");
    }
    if (!silenceMax.isPositive() || !reportEvery.isPositive() || !retryRefused.isPositive()) {
      throw new IllegalArgumentException("every pause must be positive");
    }
  }
}
