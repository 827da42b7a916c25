package dev.crossfade.core.compare;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many differences of one migration wait to be confirmed. Each of its queries has so many
 * places, so that others have their turn. Those that rest until the mirror has come cost nothing,
 * and may do so for seconds; those that are looked at are dear, and far fewer of them are enough.
 *
 * <p>While one query has no place left, no comparison of the migration counts, whatever it comes
 * to: if matches went on being counted while differences find no place, a query that is always
 * wrong would look nearly right. Whether a comparison counts is known before its outcome, so what
 * counts is a fair sample of all. Any thread, no lock.
 */
public final class DoubtRoom {
  private static final long LOOKED_AT = 1L << Integer.SIZE;

  private final int places;
  private final int looks;
  private final AtomicInteger full = new AtomicInteger();

  /**
   * @param places of each query
   * @param looks while so many of them do not rest, nothing more enters; those that rest may still
   *     wake
   */
  public DoubtRoom(int places, int looks) {
    this.places = places;
    this.looks = looks;
  }

  /** Whether a difference of any of its queries would find a place. */
  public boolean isOpen() {
    // Below 0 for a moment, where one leaves before the one that came last has been noted.
    return full.get() <= 0;
  }

  /** The places of one more query. */
  public OfQuery ofQuery() {
    return new OfQuery();
  }

  /** The places of one query. */
  public final class OfQuery {
    /** Those that are looked at in the upper half, all that have a place in the lower one. */
    private final AtomicLong taken = new AtomicLong();

    private OfQuery() {}

    /** Whether there is a place, which is then taken by one that is looked at. */
    public boolean enter() {
      long before = taken.get();
      while (isOpen(before)) {
        long now = before + LOOKED_AT + 1;
        long witness = taken.compareAndExchange(before, now);
        if (witness == before) {
          note(before, now);
          return true;
        }
        before = witness;
      }
      return false;
    }

    /** One that was looked at waits for the mirror. */
    public void rest() {
      add(-LOOKED_AT);
    }

    /** One that has rested is looked at. */
    public void wake() {
      add(LOOKED_AT);
    }

    /**
     * What had a place has it no longer.
     *
     * @param resting whether it has not been looked at lately
     */
    public void leave(boolean resting) {
      add(resting ? -1 : -LOOKED_AT - 1);
    }

    public boolean isOpen() {
      return isOpen(taken.get());
    }

    private boolean isOpen(long state) {
      return (int) state < places && state / LOOKED_AT < looks;
    }

    private void add(long change) {
      long now = taken.addAndGet(change);
      note(now - change, now);
    }

    private void note(long before, long now) {
      boolean wasOpen = isOpen(before);
      if (wasOpen != isOpen(now)) {
        full.addAndGet(wasOpen ? 1 : -1);
      }
    }
  }
}
