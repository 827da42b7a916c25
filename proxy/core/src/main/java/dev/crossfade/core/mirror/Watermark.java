package dev.crossfade.core.mirror;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells when what was committed on the authority has arrived on the other side, whoever carried it.
 *
 * <p>Somebody looks at the log of changes in rounds. A commit notes the number of the round that
 * has begun last: any later round sees the commit's changes, whose numbers in the log are not above
 * the last one of that round. They have arrived when a round finds no older one in the log. Any
 * thread may ask; one thread looks.
 */
public final class Watermark {
  /** The ticket of whatever was committed before anybody looked. */
  public static final long FIRST = 0;

  private static final int MOST_ROUNDS = 1_024;

  /** What no ticket reaches: nothing has arrived yet. */
  private static final long NEVER = 0;

  /** A round, and a number that nothing exceeds which was committed before it began. */
  private record Round(long number, long last) {}

  private final Runnable hurry;
  private final Deque<Round> open = new ArrayDeque<>();
  private volatile long begun;
  private volatile long arrived = NEVER;
  private volatile boolean known;

  /**
   * @param hurry asks for a round soon; never waits
   */
  public Watermark(Runnable hurry) {
    this.hurry = hurry;
  }

  /**
   * To be called when something that was read or written has been acknowledged: what {@link
   * #hasArrived} is asked with.
   */
  public long ticket() {
    return begun;
  }

  /** Somebody waits for what was just written. */
  public void hurry() {
    hurry.run();
  }

  /**
   * Whether changes are logged, as far as is known. While they are not, anything on the other side
   * may be old.
   */
  public boolean isKnown() {
    return known;
  }

  /** Changes are not logged, or nobody knows. */
  public void lost() {
    known = false;
    arrived = NEVER;
    open.clear();
  }

  /** Whether everything that was committed before the ticket was drawn is on the other side. */
  public boolean hasArrived(long ticket) {
    return ticket < arrived;
  }

  /**
   * To be called before the log is looked at.
   *
   * @return the round's number
   */
  public long begin() {
    long next = begun + 1;
    begun = next;
    return next;
  }

  /** A round has found the log empty. */
  public void seenEmpty(long round) {
    open.clear();
    arrived = round;
    known = true;
  }

  /**
   * A round has found something in the log.
   *
   * @param oldest the number of the oldest change in it
   * @param last a number that none exceeds which was committed before the round began
   */
  public void seen(long round, long oldest, long last) {
    known = true;
    if (open.size() < MOST_ROUNDS) {
      open.addLast(new Round(round, last));
    }
    while (!open.isEmpty() && open.getFirst().last() < oldest) {
      arrived = open.removeFirst().number();
    }
  }
}
