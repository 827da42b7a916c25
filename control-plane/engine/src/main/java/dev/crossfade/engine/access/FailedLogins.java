package dev.crossfade.engine.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many logins have failed lately, by address. A token can not be guessed; what is limited is
 * the work and the log lines that those who try are good for. So only failures count, and a token
 * that is known always passes: nobody can lock others of the same address out.
 *
 * <p>The table is bounded: the address that has not failed for the longest time is forgotten. Safe
 * on any thread.
 */
public final class FailedLogins {
  private static final int BURST = 20;
  private static final long NANOS_PER_TRY = Duration.ofSeconds(3).toNanos();

  private final Map<String, Long> usedUpTo;
  private final LongSupplier nanos;

  /**
   * @param addresses that are remembered at most
   * @param nanos a clock such as {@code System.nanoTime}
   */
  public FailedLogins(int addresses, LongSupplier nanos) {
    this.nanos = nanos;
    this.usedUpTo =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > addresses;
          }
        };
  }

  /**
   * Counts one that has failed.
   *
   * @return false when there were too many: it is not worth a look or a line
   */
  public synchronized boolean failed(String address) {
    long now = nanos.getAsLong();
    long floor = now - BURST * NANOS_PER_TRY;
    Long before = usedUpTo.get(address);
    long from = before == null || before - floor < 0 ? floor : before;
    if (from + NANOS_PER_TRY - now > 0) {
      return false;
    }
    usedUpTo.put(address, from + NANOS_PER_TRY);
    return true;
  }

  /** How many addresses are remembered. */
  public synchronized int size() {
    return usedUpTo.size();
  }
}
