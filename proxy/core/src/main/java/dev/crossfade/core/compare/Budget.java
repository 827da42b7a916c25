package dev.crossfade.core.compare;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** So many a second and no more. Any thread, no lock. */
public final class Budget {
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The second at hand in the upper half, and how many of it have been taken in the lower. */
  private final AtomicLong taken = new AtomicLong();

  private final int perSecond;

  public Budget(int perSecond) {
    this.perSecond = perSecond;
  }

  /**
   * Takes one.
   *
   * @param nowNanos as of {@link System#nanoTime}
   */
  public boolean take(long nowNanos) {
    long second = Math.floorDiv(nowNanos, SECOND_NANOS) << 32;
    long seen = taken.get();
    if (seen >> 32 << 32 == second && (int) seen >= perSecond) {
      return false;
    }
    long now = taken.updateAndGet(before -> before >> 32 << 32 == second ? before + 1 : second + 1);
    return (int) now <= perSecond;
  }
}
