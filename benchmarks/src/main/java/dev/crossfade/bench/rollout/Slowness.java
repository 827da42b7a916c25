package dev.crossfade.bench.rollout;

import dev.crossfade.bench.rollout.replay.Samples;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * How much longer one statement takes on one side than on the other.
 *
 * @param ratio of the medians; of several rounds the median
 * @param moreMicros difference of the medians of all rounds together
 * @param pValue how probable so great a difference would be if there was none, one-sided
 */
record Slowness(double ratio, double moreMicros, double pValue) {
  /** With fewer on either side nothing is said. */
  static final int SAMPLES_MIN = 20;

  static final Slowness UNKNOWN = new Slowness(1, 0, 1);

  /**
   * Rounds are compared by themselves, for what else goes on changes from one to the next.
   *
   * @param before by rounds
   * @param after by the same rounds
   */
  static Slowness of(List<Samples> before, List<Samples> after) {
    Samples allBefore = new Samples();
    Samples allAfter = new Samples();
    double[] ratios = new double[before.size()];
    int known = 0;
    for (int round = 0; round < before.size(); round++) {
      double old = before.get(round).quantile(0.5);
      double next = after.get(round).quantile(0.5);
      if (old > 0 && next > 0) {
        ratios[known++] = next / old;
      }
      for (double value : before.get(round).values()) {
        allBefore.accept(value);
      }
      for (double value : after.get(round).values()) {
        allAfter.accept(value);
      }
    }
    if (known == 0 || allBefore.count() < SAMPLES_MIN || allAfter.count() < SAMPLES_MIN) {
      return UNKNOWN;
    }
    double p =
        MannWhitneyUTest.withDefaults()
            .with(AlternativeHypothesis.GREATER_THAN)
            .test(allAfter.values(), allBefore.values())
            .getPValue();
    return new Slowness(
        median(Arrays.copyOf(ratios, known)), allAfter.quantile(0.5) - allBefore.quantile(0.5), p);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * Whether it counts: large enough to matter, too clear for chance, and more than what old differs
   * by from itself.
   *
   * @param noise old's median by its own, at least 1
   * @param statements how many were asked for: each is judged more strictly the more there are
   */
  boolean counts(Terms terms, double noise, int statements) {
    double least = Math.max(terms.ratio(), 1 + 2 * (noise - 1));
    return ratio >= least
        && moreMicros >= terms.micros()
        && pValue <= terms.significance() / Math.max(1, statements);
  }
}
