package dev.crossfade.core.measure;

/**
 * Latencies in a fixed number of steps, four for each doubling, from 16 µs to 34 s:
 *
 * <pre>
 *   step     0     1         2         3         4         5         ...  84         85
 *   up to    15    19        23        27        31        39        ...  33.5 s     for ever
 * </pre>
 *
 * <p>A step's upper edge is at most a quarter above its lower one. What is beyond the last edge
 * counts as 34 s.
 */
public final class LatencySteps {
  /** How many steps there are. */
  public static final int COUNT = 86;

  private static final int FIRST_OCTAVE = 4;

  private LatencySteps() {}

  /** The step of a latency; negative ones count as 0. */
  public static int of(long micros) {
    if (micros < 1 << FIRST_OCTAVE) {
      return 0;
    }
    int octave = 63 - Long.numberOfLeadingZeros(micros);
    int quarter = (int) (micros >>> octave - 2) & 3;
    return Math.min(4 * (octave - FIRST_OCTAVE) + quarter + 1, COUNT - 1);
  }

  /** The highest latency of a step, in microseconds; of the last one, where it begins. */
  public static long upperMicros(int step) {
    if (step < 0 || step >= COUNT) {
      throw new IllegalArgumentException("no step " + step);
    }
    if (step == 0) {
      return (1 << FIRST_OCTAVE) - 1;
    }
    int octave = (step - 1) / 4 + FIRST_OCTAVE;
    int quarter = (step - 1) % 4;
    long width = 1L << octave - 2;
    long lower = (1L << octave) + quarter * width;
    return step == COUNT - 1 ? lower : lower + width - 1;
  }

  /**
   * The latency that this share of the measurements does not exceed, in microseconds, as the upper
   * edge of its step; 0 when there are none.
   *
   * @param counts by step
   * @param share above 0, at most 1
   */
  public static long percentile(long[] counts, double share) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    long wanted = Math.max(1, (long) Math.ceil(total * share));
    long passed = 0;
    for (int step = 0; step < counts.length; step++) {
      passed += counts[step];
      if (passed >= wanted) {
        return upperMicros(step);
      }
    }
    return 0;
  }
}
