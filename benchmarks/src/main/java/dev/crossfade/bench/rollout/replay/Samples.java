package dev.crossfade.bench.rollout.replay;

import java.util.Arrays;
import java.util.SplittableRandom;

/** How long one statement took: a uniform sample of all executions, bounded in number. */
public final class Samples {
  private static final int KEPT_MAX = 8_192;

  private final SplittableRandom random = new SplittableRandom(1);
  private double[] micros = new double[64];
  private int kept;
  private long seen;

  /** One more. */
  public void accept(double value) {
    seen++;
    if (kept < KEPT_MAX) {
      if (kept == micros.length) {
        micros = Arrays.copyOf(micros, kept * 2);
      }
      micros[kept++] = value;
      return;
    }
    long place = random.nextLong(seen);
    if (place < KEPT_MAX) {
      micros[(int) place] = value;
    }
  }

  void addAll(Samples other) {
    for (int i = 0; i < other.kept; i++) {
      accept(other.micros[i]);
    }
    seen += other.seen - other.kept;
  }

  /** How many executions there were. */
  public long count() {
    return seen;
  }

  /** The sample, in microseconds and in no order. */
  public double[] values() {
    return Arrays.copyOf(micros, kept);
  }

  /**
   * @param share 0.5 for the median
   * @return 0 when there is none
   */
  public double quantile(double share) {
    if (kept == 0) {
      return 0;
    }
    double[] sorted = values();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(kept - 1L, Math.round(share * (kept - 1)))];
  }
}
