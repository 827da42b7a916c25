package dev.crossfade.core.compare;

import java.util.Arrays;

/** Whether new takes far longer for the same reads than old. */
public final class Slowness {
  /** Reads of one fingerprint that are looked at together. */
  public static final int ENOUGH = 32;

  /** New's median has to be above old's so many times... */
  static final long TIMES = 2;

  /** ...and by this much: below it nobody waits for anything. */
  static final long LEAST_NANOS = 1_000_000;

  private Slowness() {}

  /**
   * @param old of each read, in nanos
   * @param target of the same reads
   */
  public static boolean isFar(long[] old, long[] target) {
    return isFar(at(old, 2), at(target, 2));
  }

  /**
   * The same of the quicker ones on each side, which nothing else on the machine has held up.
   *
   * @param old in nanos
   * @param target in turn with them
   */
  public static boolean isFarAtBest(long[] old, long[] target) {
    return isFar(at(old, 4), at(target, 4));
  }

  /** Of one read. */
  public static boolean isFar(long oldNanos, long targetNanos) {
    return targetNanos >= TIMES * oldNanos && targetNanos - oldNanos >= LEAST_NANOS;
  }

  /** What one in so many does not exceed. */
  private static long at(long[] nanos, int part) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / part];
  }
}
