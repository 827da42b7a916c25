package dev.crossfade.engine.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is promised of {@link Rate}, by simulation with seeds. */
class RateSim {
  private static final double ALPHA = 0.01;

  /** The number of trials at which a series is first found above the bound; 0 for never. */
  private static int alarm(double rate, double bound, int most, SplittableRandom random) {
    int hits = 0;
    for (int trials = 1; trials <= most; trials++) {
      if (random.nextDouble() < rate) {
        hits++;
        // Without a hit the evidence only falls: looking at hits is looking after every trial.
        if (new Rate(trials, hits).isAbove(bound, ALPHA)) {
          return trials;
        }
      }
    }
    return 0;
  }

  @Test
  void evidenceOnlyFallsBetweenHits() {
    for (int hits = 0; hits < 20; hits++) {
      double before = Double.POSITIVE_INFINITY;
      for (int trials = Math.max(1, hits); trials < 3_000; trials += 7) {
        double lower = new Rate(trials, hits).lower(ALPHA);
        assertThat(lower).isLessThanOrEqualTo(before);
        before = lower;
      }
    }
  }

  /** The rate is the bound: every alarm is a false one. */
  @ParameterizedTest
  @CsvSource({"0.001, 5000, 6000", "0.01, 5000, 6000", "0.05, 3000, 4000", "0.5, 1500, 1500"})
  void alarmsAreFalseInAtMostOneOfAHundredSeriesThatAreLookedAtAfterEveryTrial(
      double bound, int most, int series) {
    int falseAlarms = 0;
    for (int seed = 0; seed < series; seed++) {
      falseAlarms += alarm(bound, bound, most, new SplittableRandom(seed)) > 0 ? 1 : 0;
    }
    assertThat((double) falseAlarms / series).isLessThanOrEqualTo(ALPHA);
  }

  /** The same without the short cut, and with the bound on the other side. */
  @Test
  void neitherSideIsLeftFalselyMoreThanOnceInAHundred() {
    int series = 600;
    int above = 0;
    int below = 0;
    for (int seed = 0; seed < series; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      boolean wasAbove = false;
      boolean wasBelow = false;
      int hits = 0;
      for (int trials = 1; trials <= 3_000; trials++) {
        hits += random.nextDouble() < 0.01 ? 1 : 0;
        Rate rate = new Rate(trials, hits);
        wasAbove |= rate.isAbove(0.01, ALPHA);
        wasBelow |= rate.isBelow(0.01, ALPHA);
      }
      above += wasAbove ? 1 : 0;
      below += wasBelow ? 1 : 0;
    }
    assertThat(above).isLessThanOrEqualTo(series / 100);
    assertThat(below).isLessThanOrEqualTo(series / 100);
  }

  /**
   * Of a bound of 0.1 %, 1,000 samples at ten times that have 10 hits on average. A test that
   * looked but once, after all of them, would need 5 hits, and miss 2.9 % of the series.
   */
  @ParameterizedTest
  @CsvSource({"0.001, 0.93, 500", "0.01, 0.9999, 90", "0.05, 0.9999, 20"})
  void tenTimesTheBoundIsFoundWithinAThousandSamples(double bound, double power, int median) {
    int series = 20_000;
    int found = 0;
    int early = 0;
    for (int seed = 0; seed < series; seed++) {
      int at = alarm(10 * bound, bound, 1_000, new SplittableRandom(1_000_000 + seed));
      found += at > 0 ? 1 : 0;
      early += at > 0 && at <= median ? 1 : 0;
    }
    assertThat((double) found / series).isGreaterThanOrEqualTo(power);
    assertThat((double) early / series).isGreaterThanOrEqualTo(0.5);
  }

  @Test
  void theIntervalHoldsTheRateAndBecomesNarrow() {
    for (double rate : new double[] {0.002, 0.02, 0.3}) {
      int lost = 0;
      for (int seed = 0; seed < 100; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        int hits = 0;
        boolean wasLost = false;
        for (int trials = 1; trials <= 20_000; trials++) {
          hits += random.nextDouble() < rate ? 1 : 0;
          if (trials % 500 == 0) {
            Rate seen = new Rate(trials, hits);
            wasLost |= seen.lower(ALPHA) > rate || seen.upper(ALPHA) < rate;
          }
        }
        lost += wasLost ? 1 : 0;
        Rate all = new Rate(20_000, hits);
        assertThat(all.upper(ALPHA)).isLessThan(4 * rate);
        assertThat(all.lower(ALPHA)).isGreaterThan(rate / 4);
      }
      assertThat(lost).isLessThanOrEqualTo(2);
    }
  }
}
