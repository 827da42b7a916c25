package dev.crossfade.postgresql.inventory;

import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.plan.PlanKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of one fingerprint under one generation of lenses. Any number of event loops count,
 * one thread at a time takes: neither waits or allocates.
 */
public final class QueryTally implements Tally {
  /** The counters and the objects around them, about; the text comes on top. */
  static final int BYTES = 1_792;

  /** What a statement does, by its first words. */
  public enum Kind {
    READ,
    WRITE,
    OTHER
  }

  /**
   * What is known of a statement when it is seen for the first time.
   *
   * @param migrations whose tables it names
   */
  public record Sighting(List<String> migrations, Kind kind) {
    public Sighting {
      migrations = List.copyOf(migrations);
    }
  }

  /**
   * Counts since they were taken the last time.
   *
   * @param executions those with a latency included
   * @param onOld executions by {@link LatencySteps}
   * @param onNew the same
   */
  public record Counts(long executions, long[] onOld, long[] onNew) {}

  private final PlanKey key;
  private final Sighting sighting;
  private final int generation;
  private final AtomicLong untimed = new AtomicLong();
  private final AtomicLongArray onOld = new AtomicLongArray(LatencySteps.COUNT);
  private final AtomicLongArray onNew = new AtomicLongArray(LatencySteps.COUNT);
  private volatile long lastSeenNanos;
  private volatile long retiredNanos;
  private volatile boolean retired;
  private volatile boolean large;

  QueryTally(PlanKey key, Sighting sighting, int generation, long nowNanos) {
    this.key = key;
    this.sighting = sighting;
    this.generation = generation;
    this.lastSeenNanos = nowNanos;
  }

  /** The plan's; other parameter types of the same text count here as well. */
  public PlanKey key() {
    return key;
  }

  public Sighting sighting() {
    return sighting;
  }

  /** Of the lenses that it was seen under. */
  public int generation() {
    return generation;
  }

  @Override
  public void answered(Side side, long tookNanos, long nowNanos) {
    (side == Side.OLD ? onOld : onNew).getAndIncrement(LatencySteps.of(tookNanos / 1_000));
    lastSeenNanos = nowNanos;
  }

  /** So many executions whose latency is not known. */
  void executed(int times, long nowNanos) {
    untimed.getAndAdd(times);
    lastSeenNanos = nowNanos;
  }

  /** A text was seen that is too large to be planned, though its fingerprint is not. */
  public void tooLarge() {
    large = true;
  }

  public boolean isTooLarge() {
    return large;
  }

  /** As of {@link System#nanoTime}. */
  public long lastSeenNanos() {
    return lastSeenNanos;
  }

  /** Whether another one counts for this fingerprint from now on: look it up again. */
  public boolean isRetired() {
    return retired;
  }

  void retire(long nowNanos) {
    retiredNanos = nowNanos;
    retired = true;
  }

  long retiredNanos() {
    return retiredNanos;
  }

  /** Takes the counts and begins anew. */
  public Counts take() {
    long[] old = take(onOld);
    long[] fresh = take(onNew);
    return new Counts(untimed.getAndSet(0) + sum(old) + sum(fresh), old, fresh);
  }

  private static long[] take(AtomicLongArray counts) {
    long[] taken = new long[LatencySteps.COUNT];
    for (int step = 0; step < taken.length; step++) {
      if (counts.get(step) != 0) {
        taken[step] = counts.getAndSet(step, 0);
      }
    }
    return taken;
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** What it takes in memory, about. */
  int bytes() {
    return BYTES + key.fingerprint().length();
  }
}
