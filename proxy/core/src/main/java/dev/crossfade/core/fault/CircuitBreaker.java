package dev.crossfade.core.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Stops trying a sick side, and tries it again with one probe at a time.
 *
 * <pre>
 * CLOSED --(threshold failures in a row)--> OPEN --(pause over, one caller)--> PROBING
 *   ^                                         ^                                   |
 *   '---------------- success ----------------+----------- failure ---------------'
 * </pre>
 *
 * <p>Thread-safe without locks: the whole state is one word, so every event loop may share it.
 */
public final class CircuitBreaker {
  private static final long CLOSED_MAX = 1_000_000;

  private final int threshold;
  private final long pauseNanos;
  private final LongSupplier nanoClock;

  /**
   * 0 to threshold-1: closed, failures in a row. Otherwise -1 minus the time at which a probe may
   * go, in nanos since origin.
   */
  private final AtomicLong state = new AtomicLong();

  private final long origin;

  /**
   * @param threshold failures in a row that open the circuit, 1 to 1,000,000
   * @param pause how long it stays open before a probe
   */
  public CircuitBreaker(int threshold, Duration pause, LongSupplier nanoClock) {
    if (threshold < 1 || threshold > CLOSED_MAX) {
      throw new IllegalArgumentException("threshold is 1 to " + CLOSED_MAX + ", not " + threshold);
    }
    this.threshold = threshold;
    this.pauseNanos = pause.toNanos();
    this.nanoClock = nanoClock;
    this.origin = nanoClock.getAsLong();
  }

  /**
   * Whether a call may be made now. When the pause is over, exactly one caller is let through as
   * the probe.
   */
  public boolean tryAcquire() {
    long seen = state.get();
    if (seen >= 0) {
      return true;
    }
    long now = nanoClock.getAsLong() - origin;
    return now >= -1 - seen && state.compareAndSet(seen, -1 - (now + pauseNanos));
  }

  public boolean isOpen() {
    return state.get() < 0;
  }

  public void succeeded() {
    if (state.get() != 0) {
      state.set(0);
    }
  }

  public void failed() {
    while (true) {
      long seen = state.get();
      long next =
          seen >= 0 && seen + 1 < threshold
              ? seen + 1
              : -1 - (nanoClock.getAsLong() - origin + pauseNanos);
      if (state.compareAndSet(seen, next)) {
        return;
      }
    }
  }
}
