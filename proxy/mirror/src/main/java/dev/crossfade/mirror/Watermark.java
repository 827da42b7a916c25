package dev.crossfade.mirror;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells when what a session has committed has arrived on the other side, whoever carried it.
 *
 * <p>The log is looked at in rounds. A commit notes the number of the round that has begun last; any
 * later round sees the commit's mutations, whose ids are not above the last id of that round. They
 * have arrived when a round finds no older id in the log. Any thread may ask; one thread looks.
 */
public final class Watermark {
  private static final int MOST_ROUNDS = 1_024;

  /** A round, and an id that no mutation exceeds which was committed before it began. */
  private record Round(long number, long last) {}

  private final Deque<Round> open = new ArrayDeque<>();
  private volatile long begun;
  private volatile long arrived;

  /** To be called after a commit was acknowledged: what {@link #hasArrived} is asked with. */
  public long ticket() {
    return begun;
  }

  /** Whether everything committed before the ticket was drawn is on the other side. */
  public boolean hasArrived(long ticket) {
    return ticket < arrived;
  }

  /** To be called before the log is looked at. */
  long begin() {
    begun = begun + 1;
    return begun;
  }

  /** What that round has seen. */
  void seen(long round, LogState state) {
    if (state.oldest() == Long.MAX_VALUE) {
      open.clear();
      arrived = round;
      return;
    }
    if (open.size() < MOST_ROUNDS) {
      open.addLast(new Round(round, state.last()));
    }
    while (!open.isEmpty() && open.getFirst().last() < state.oldest()) {
      arrived = open.removeFirst().number();
    }
  }
}
