package dev.crossfade.postgresql.inventory;

import dev.crossfade.postgresql.inventory.QueryTally.Sighting;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.sql.parse.Fingerprint;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprints of statements on mapped tables that were seen. Plans come and go beside it: a
 * plan that makes room for another costs no count.
 *
 * <p>Thread-safe; looking one up waits for nothing. Bounded in number and in bytes: what finds no
 * place is counted in one sum. Room is made by who takes the counts ({@link #makeRoom}), so that
 * the event loops never do.
 */
public final class QueryInventory {
  /** Fingerprints kept. */
  public static final int CAPACITY = 1_536;

  /** Of the texts and counters together. */
  public static final int MAX_BYTES = 6 << 20;

  /** A longer text is counted and not listed. */
  public static final int MAX_TEXT_BYTES = 8 * 1024;

  /** A retired tally is left alone for so long: what is under way counts there. */
  static final long GRACE_NANOS = 10_000_000_000L;

  private final ConcurrentHashMap<Fingerprint, QueryTally> tallies = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<QueryTally> retired = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger bytes = new AtomicInteger();
  private final LongAdder unlisted = new LongAdder();
  private final LongAdder unmapped = new LongAdder();
  private final AtomicLong evicted = new AtomicLong();
  private final int capacity;
  private final LongSupplier nanos;

  /**
   * @param nanos the clock, as of {@link System#nanoTime}
   */
  public QueryInventory(int capacity, LongSupplier nanos) {
    this.capacity = capacity;
    this.nanos = nanos;
  }

  /**
   * The counters of a statement.
   *
   * @param generation of the lenses now; a tally of another one is replaced
   * @param first what is known of it; called on the calling thread when it has no tally yet
   * @return null when there is no place for it, which is counted
   */
  public @Nullable QueryTally find(PlanKey key, int generation, Supplier<Sighting> first) {
    QueryTally known = tallies.get(key.fingerprint());
    if (known != null && known.generation() >= generation) {
      return known;
    }
    if (key.fingerprint().length() > MAX_TEXT_BYTES || !reserve(key)) {
      unlisted.increment();
      return null;
    }
    QueryTally made = new QueryTally(key, first.get(), generation, nanos.getAsLong());
    QueryTally kept =
        tallies.merge(
            key.fingerprint(),
            made,
            (present, next) -> {
              if (present.generation() >= generation) {
                return present;
              }
              retire(present);
              return next;
            });
    if (kept != made) {
      release(made);
    }
    return kept;
  }

  /** What cannot be told apart from others, or must not be: it is counted and not listed. */
  public void unlisted() {
    unlisted.increment();
  }

  /** A batch that names no mapped table. */
  public void unmapped() {
    unmapped.increment();
  }

  private boolean reserve(PlanKey key) {
    int needed = QueryTally.BYTES + key.fingerprint().length();
    if (bytes.addAndGet(needed) > MAX_BYTES) {
      bytes.addAndGet(-needed);
      return false;
    }
    if (count.incrementAndGet() > capacity) {
      count.getAndDecrement();
      bytes.addAndGet(-needed);
      return false;
    }
    return true;
  }

  private void release(QueryTally tally) {
    count.getAndDecrement();
    bytes.addAndGet(-tally.bytes());
  }

  private void retire(QueryTally tally) {
    tally.retire(nanos.getAsLong());
    retired.add(tally);
  }

  /** All that count now, in no order. */
  public Collection<QueryTally> tallies() {
    return tallies.values();
  }

  /** The one that counts for this fingerprint now. */
  public @Nullable QueryTally peek(Fingerprint fingerprint) {
    return tallies.get(fingerprint);
  }

  /**
   * One that counts no more, with the last of its counts to be taken; null when there is none yet.
   * Its place is free from now on. One caller at a time.
   */
  public @Nullable QueryTally pollRetired() {
    QueryTally tally = retired.peek();
    if (tally == null || nanos.getAsLong() - tally.retiredNanos() < GRACE_NANOS) {
      return null;
    }
    retired.remove();
    release(tally);
    return tally;
  }

  /**
   * Retires those that were not seen for the longest time, until a quarter of the room is free. To
   * be called when counts can be taken: a retired tally keeps its place until then.
   */
  public void makeRoom() {
    if (count.get() <= capacity / 4 * 3 && bytes.get() <= MAX_BYTES / 4 * 3) {
      return;
    }
    long now = nanos.getAsLong();
    List<QueryTally> byAge =
        tallies.values().stream()
            .sorted(Comparator.comparingLong(tally -> tally.lastSeenNanos() - now))
            .toList();
    int countLeft = count.get();
    int bytesLeft = bytes.get();
    for (QueryTally tally : byAge) {
      if (countLeft <= capacity / 4 * 3 && bytesLeft <= MAX_BYTES / 4 * 3) {
        return;
      }
      if (tallies.remove(tally.key().fingerprint(), tally)) {
        countLeft--;
        bytesLeft -= tally.bytes();
        evicted.incrementAndGet();
        retire(tally);
      }
    }
  }

  /** Fingerprints kept, those included whose last counts are still to be taken. */
  public int size() {
    return count.get();
  }

  /** What they take in memory, about. */
  public int bytes() {
    return bytes.get();
  }

  /** Statements that found no place, since the start. */
  public long unlistedTotal() {
    return unlisted.sum();
  }

  /** Batches that named no mapped table, since the start. */
  public long unmappedTotal() {
    return unmapped.sum();
  }

  /** Fingerprints that made room for others, since the start. */
  public long evictedTotal() {
    return evicted.get();
  }
}
