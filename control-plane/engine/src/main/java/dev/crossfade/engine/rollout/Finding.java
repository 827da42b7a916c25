package dev.crossfade.engine.rollout;

import dev.crossfade.engine.rollout.Guard.Outcome;

/**
 * What a guard said at some moment.
 *
 * @param guard its name
 * @param reason one part of a sentence with the numbers that were judged
 * @param isDryRun whether it only says it
 */
public record Finding(
    String guard, Outcome outcome, String reason, Numbers numbers, boolean isDryRun) {
  /**
   * What was judged.
   *
   * @param value as it was measured; NaN when nothing was
   * @param bound what it was judged against
   * @param samples how many stand behind it; 0 for a single value
   */
  public record Numbers(double value, double bound, long samples) {}
}
