package dev.crossfade.postgresql.inventory;

import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.plan.PlanKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one fingerprint under one generation of lenses. Any number of event loops count,
 * one thread at a time takes: neither waits or allocates.
 */
public final class QueryTally implements Tally {
  /** The counters and the objects around them, about; the text comes on top. */
  static final int BYTES = 3_600;

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

  /** What both sides have answered since it was taken the last time. */
  public record Taken(SideCounts.Taken onOld, SideCounts.Taken onNew) {
    private static final Taken NOTHING =
        new Taken(SideCounts.Taken.NOTHING, SideCounts.Taken.NOTHING);

    private Taken plus(@Nullable Taken before) {
      return before == null ? this : new Taken(onOld.plus(before.onOld), onNew.plus(before.onNew));
    }
  }

  private final PlanKey key;
  private final Sighting sighting;
  private final int generation;
  private final SideCounts onOld = new SideCounts();
  private final SideCounts onNew = new SideCounts();

  /** Counted, and not yet told by one of the two who take; null: nothing. */
  private @Nullable Taken untoldByInventory;

  private @Nullable Taken untoldBySignals;
  private @Nullable String id;
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
    of(side).answered(tookNanos);
    lastSeenNanos = nowNanos;
  }

  /** So many executions whose latency is not known. */
  void executed(Side side, int times, long nowNanos) {
    of(side).executed(times);
    lastSeenNanos = nowNanos;
  }

  @Override
  public void erred(Side side, int errorClass) {
    of(side).erred(errorClass);
  }

  @Override
  public void failedOnNew(int errorClass) {
    onNew.failed(errorClass);
  }

  private SideCounts of(Side side) {
    return side == Side.OLD ? onOld : onNew;
  }

  @Override
  public String migration() {
    return sighting.migrations().isEmpty() ? "" : sighting.migrations().getFirst();
  }

  /** The first 16 hexadecimal digits of its text's SHA-256. By who takes the counts. */
  public String id() {
    String known = id;
    if (known == null) {
      known = Digest.id(key.fingerprint().normalizedText());
      id = known;
    }
    return known;
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

  /** Takes the counts for the inventory, and begins anew. */
  public Counts take() {
    drain();
    Taken taken = untoldByInventory == null ? Taken.NOTHING : untoldByInventory;
    untoldByInventory = null;
    return new Counts(
        taken.onOld().executions() + taken.onNew().executions(),
        taken.onOld().latencies(),
        taken.onNew().latencies());
  }

  /**
   * Takes the counts for the signals, and begins anew; null where nothing was counted. What one of
   * the two has taken the other still gets. Both are called by one thread.
   */
  public @Nullable Taken takeForSignals() {
    drain();
    Taken taken = untoldBySignals;
    untoldBySignals = null;
    return taken;
  }

  private void drain() {
    SideCounts.Taken old = onOld.take();
    SideCounts.Taken fresh = onNew.take();
    if (old.isEmpty() && fresh.isEmpty()) {
      return;
    }
    Taken taken = new Taken(old, fresh);
    untoldByInventory = taken.plus(untoldByInventory);
    untoldBySignals = taken.plus(untoldBySignals);
  }

  /** What it takes in memory, about. */
  int bytes() {
    return BYTES + key.fingerprint().length();
  }
}
