package dev.crossfade.mirror;

import java.util.concurrent.TimeUnit;

/**
 * A number below which a log has nothing any more, and gets nothing any more: so that a round need
 * not step over all that was carried since the log was last vacuumed.
 *
 * <p>A number of the sequence becomes it in three rounds. The first one reads the number; the
 * second one which transactions may be under way, among them all that have drawn a number up to
 * that one; the third one finds these ended and nothing of theirs left. Who draws a number before
 * he has a transaction id is no writer of mapped tables; for him everything is looked at now and
 * then.
 */
final class Floor {
  private static final long WHOLE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long NONE = -1;

  private long floor;
  private long read = NONE;
  private long candidate = NONE;
  private long ended;
  private long wholeAt = System.nanoTime() - WHOLE_NANOS;

  /** Above what the next round looks. */
  long next(long nanos) {
    if (nanos - wholeAt >= WHOLE_NANOS) {
      wholeAt = nanos;
      return 0;
    }
    return floor;
  }

  /**
   * What a round has left.
   *
   * @param snapshot of its look
   */
  void seen(Batch.Left left, Batch.Snapshot snapshot) {
    if (candidate != NONE && snapshot.xmin() >= ended) {
      if (left.oldest() > candidate) {
        floor = Math.max(floor, candidate);
      }
      candidate = NONE;
    }
    if (candidate == NONE && read != NONE) {
      candidate = read;
      ended = snapshot.xmax();
    }
    read = left.last();
    if (left.oldest() <= floor) {
      floor = left.oldest() - 1;
    }
  }
}
