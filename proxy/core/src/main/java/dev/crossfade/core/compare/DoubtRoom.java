package dev.crossfade.core.compare;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many differences of one migration wait to be confirmed. Each of its queries has so many
 * places, so that others have their turn.
 *
 * <p>While one of them has none left, no comparison of the migration counts, whatever it comes to:
 * if matches went on being counted while differences find no place, a query that is always wrong
 * would look nearly right. Whether a comparison counts is known before its outcome, so what counts
 * is a fair sample of all. Any thread, no lock.
 */
public final class DoubtRoom {
  private final int places;
  private final AtomicInteger full = new AtomicInteger();

  /**
   * @param places of each query
   */
  public DoubtRoom(int places) {
    this.places = places;
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
    private final AtomicInteger taken = new AtomicInteger();

    private OfQuery() {}

    /** Whether there is a place, which is then taken. */
    public boolean enter() {
      int before = taken.get();
      while (before < places) {
        int witness = taken.compareAndExchange(before, before + 1);
        if (witness == before) {
          full.addAndGet(before + 1 == places ? 1 : 0);
          return true;
        }
        before = witness;
      }
      return false;
    }

    /** What had a place has it no longer. */
    public void leave() {
      if (taken.getAndDecrement() == places) {
        full.decrementAndGet();
      }
    }

    public boolean isOpen() {
      return taken.get() < places;
    }
  }
}
