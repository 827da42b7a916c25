package dev.crossfade.postgresql.inventory;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.trace.BatchTraces.BatchSpan;
import org.jspecify.annotations.Nullable;

/** A batch whose answer is counted, and told to the trace that it belongs to. */
public final class TracedBatch implements Tally {
  private final String migration;
  private final BatchSpan span;
  private @Nullable Tally counted;

  /**
   * @param counted null where it is not counted
   */
  public TracedBatch(String migration, BatchSpan span, @Nullable Tally counted) {
    this.migration = migration;
    this.span = span;
    this.counted = counted;
  }

  void add(QueryTally next) {
    counted = Tally.and(counted, next);
  }

  @Override
  public void answered(Side side, long tookNanos, long nowNanos) {
    if (counted != null) {
      counted.answered(side, tookNanos, nowNanos);
    }
    span.ended(side);
  }

  @Override
  public void erred(Side side, int errorClass) {
    if (counted != null) {
      counted.erred(side, errorClass);
    }
    span.erred(errorClass);
  }

  @Override
  public void failedOnNew(int errorClass) {
    if (counted != null) {
      counted.failedOnNew(errorClass);
    }
    span.failedOnNew();
  }

  @Override
  public void endedOnNew(int errorClass) {
    span.erred(errorClass);
    span.ended(Side.NEW);
  }

  @Override
  public String migration() {
    return migration;
  }
}
