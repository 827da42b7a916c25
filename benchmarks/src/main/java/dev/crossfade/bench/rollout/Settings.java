package dev.crossfade.bench.rollout;

import java.time.Duration;
import java.util.List;

/**
 * How a rollout is measured.
 *
 * @param rate transactions a second
 * @param sessions at once
 * @param length of each way in each round
 * @param reads percentages between 0 and 100 that are measured, too
 * @param kneeSteps how many rates are tried at most on old and on new; 0 for none
 */
record Settings(
    double rate,
    int sessions,
    Duration length,
    int rounds,
    List<Integer> reads,
    int kneeSteps,
    long seed,
    Terms terms) {
  Settings {
    reads = List.copyOf(reads);
  }
}
