package dev.crossfade.postgresql.inventory;

import dev.crossfade.core.migration.Side;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the answer to a batch is counted. */
public sealed interface Tally permits QueryTally, TracedBatch, Tally.Several {
  /**
   * A batch was answered.
   *
   * @param nowNanos as of {@link System#nanoTime}
   */
  void answered(Side side, long tookNanos, long nowNanos);

  /** The answer is an error of that side. To be told before {@link #answered}. */
  void erred(Side side, int errorClass);

  /** New was asked, and old answers instead, for new came to this error. */
  void failedOnNew(int errorClass);

  /** After {@link #failedOnNew}: nobody answers instead. */
  default void endedOnNew(int errorClass) {
    // Counted as a failure.
  }

  /** The first migration whose tables it names. */
  String migration();

  /**
   * Of a batch that executes one statement more.
   *
   * @param before null for the first
   * @param next null where nothing counts
   */
  static @Nullable Tally and(@Nullable Tally before, @Nullable QueryTally next) {
    if (before == null || next == null) {
      return next == null ? before : next;
    }
    switch (before) {
      case TracedBatch traced -> {
        traced.add(next);
        return traced;
      }
      case Several more -> {
        more.add(next);
        return more;
      }
      case QueryTally first -> {
        Several both = new Several(first);
        both.add(next);
        return both;
      }
    }
  }

  /** A batch of several executions: each counts, and none has a latency of its own. */
  final class Several implements Tally {
    private final Map<QueryTally, Integer> executions = new IdentityHashMap<>(4);

    private Several(QueryTally first) {
      add(first);
    }

    private void add(QueryTally next) {
      executions.merge(next, 1, Integer::sum);
    }

    @Override
    public void answered(Side side, long tookNanos, long nowNanos) {
      executions.forEach((tally, times) -> tally.executed(side, times, nowNanos));
    }

    @Override
    public String migration() {
      return executions.keySet().iterator().next().migration();
    }

    /** Whose error it was nobody knows. */
    @Override
    public void erred(Side side, int errorClass) {
      // Counted of the migration alone.
    }

    @Override
    public void failedOnNew(int errorClass) {
      // The same.
    }
  }
}
