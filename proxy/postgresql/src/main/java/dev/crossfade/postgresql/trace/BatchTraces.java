package dev.crossfade.postgresql.trace;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;

/** Where batches are told of that a client's trace has asked for. Must not block. */
public interface BatchTraces {
  /**
   * A batch begins.
   *
   * @param parent what the client's statement belongs to; it is sampled
   */
  BatchSpan begin(TraceParent parent, String migration, RouteReason reason);

  /** A batch under way. */
  interface BatchSpan {
    /** New has failed it. */
    void failedOnNew();

    /** The answer is an error of this class. */
    void erred(int errorClass);

    /** It was answered whole. Called once at most: a session that ends leaves spans without end. */
    void ended(Side side);
  }
}
