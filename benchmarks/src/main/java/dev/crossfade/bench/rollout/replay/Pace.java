package dev.crossfade.bench.rollout.replay;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * When transactions are due: at random, independent of each other, so many a second. The same for
 * the same seed, so all ways of a round get the same.
 *
 * @param first the number of the first transaction of the workload
 */
public record Pace(double rate, Duration length, long first, long seed) {
  public static final int TRANSACTIONS_MAX = 5_000_000;

  public Pace {
    if (rate <= 0 || rate * length.toMillis() / 1e3 > TRANSACTIONS_MAX) {
      throw new IllegalArgumentException(
          "a turn has 1 to " + TRANSACTIONS_MAX + " transactions, not " + rate + " for " + length);
    }
  }

  /** Nanoseconds from the beginning, in their order. */
  long[] dues() {
    SplittableRandom random = new SplittableRandom(seed);
    long end = length.toNanos();
    long[] dues = new long[(int) (rate * end / 1e9 * 1.5) + 64];
    double at = 0;
    int count = 0;
    while (true) {
      at += -Math.log(1 - random.nextDouble()) / rate * 1e9;
      if (at >= end || count == dues.length) {
        return Arrays.copyOf(dues, count);
      }
      dues[count++] = (long) at;
    }
  }
}
