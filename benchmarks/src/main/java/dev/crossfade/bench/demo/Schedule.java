package dev.crossfade.bench.demo;

import java.time.Duration;
import java.util.List;

/**
 * How far and how long the demo goes.
 *
 * @param questions per unit of weight in the answer book
 * @param steps the shares of reads to ask for, in order
 * @param shortest time that a step lasts
 * @param longest time after which a step ends although it has not seen enough reads
 * @param chaos whether the control plane and new are killed and started again in between
 */
record Schedule(
    int questions, List<Step> steps, Duration shortest, Duration longest, boolean chaos) {
  /** Below this many reads a share says little. */
  static final long LEAST_READS = 10_000;

  /** How far a measured share may be from the one asked for, in percent. */
  static final double TOLERANCE_POINTS = 1;

  /**
   * How many standard deviations of a fair coin the tolerance is to be: an honest split must not
   * fail by chance.
   */
  private static final double DEVIATIONS = 4.5;

  /** A share of reads, in percent. */
  record Step(int percent) {
    /** So many reads that chance alone stays within the tolerance. */
    long enoughReads() {
      double share = percent / 100.0;
      double deviation = TOLERANCE_POINTS / 100 / DEVIATIONS;
      return Math.max(LEAST_READS, Math.round(share * (1 - share) / (deviation * deviation)));
    }
  }

  Schedule {
    steps = List.copyOf(steps);
  }

  static Schedule quick() {
    return new Schedule(
        40, steps(0, 1, 10, 50, 100, 0), Duration.ofSeconds(2), Duration.ofSeconds(60), false);
  }

  static Schedule thorough() {
    return new Schedule(
        150,
        steps(0, 1, 5, 10, 25, 50, 75, 100, 50, 0),
        Duration.ofSeconds(15),
        Duration.ofSeconds(120),
        true);
  }

  private static List<Step> steps(int... percents) {
    return java.util.Arrays.stream(percents).mapToObj(Step::new).toList();
  }
}
