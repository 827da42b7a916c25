package dev.crossfade.core.mirror;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

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

  /** What every ticket is below: whatever is committed has arrived. */
  private static final long ALWAYS = Long.MAX_VALUE;

  private static final long NOBODY = -1;

  /** A round, and a number that nothing exceeds which was committed before it began. */
  private record Round(long number, long last, long nanos) {}

  private record Waiter(long ticket, Runnable action) {}

  private final Runnable hurry;
  private final LongSupplier clock;
  private final Deque<Round> open = new ArrayDeque<>();
  private final PriorityQueue<Waiter> waiters =
      new PriorityQueue<>(Comparator.comparingLong(Waiter::ticket));
  private long beganNanos;
  private volatile long begun;
  private volatile long arrived = NEVER;
  private volatile long arrivedNanos;
  private final AtomicLong lateTicket = new AtomicLong(NOBODY);
  private volatile boolean known;

  /**
   * @param hurry asks for a round soon; never waits
   */
  public Watermark(Runnable hurry) {
    this(hurry, System::nanoTime);
  }

  Watermark(Runnable hurry, LongSupplier clock) {
    this.hurry = hurry;
    this.clock = clock;
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

  /** Changes are not logged, or nobody knows, or nobody looks any more. */
  public void lost() {
    known = false;
    arrived = NEVER;
    open.clear();
    tell(Long.MAX_VALUE);
  }

  /** Whether everything that was committed before the ticket was drawn is on the other side. */
  public boolean hasArrived(long ticket) {
    return ticket < arrived;
  }

  /** Whether everything that was committed so long ago is on the other side. */
  public boolean isWithin(Duration bound) {
    long upTo = arrived;
    return known
        && upTo != NEVER
        && (upTo == ALWAYS || clock.getAsLong() - arrivedNanos <= bound.toNanos());
  }

  /**
   * Runs something once when the ticket {@link #hasArrived}, or when it is no longer known whether
   * it will: at once, or on the thread that looks. It must not wait.
   */
  public void whenArrived(long ticket, Runnable action) {
    synchronized (waiters) {
      // Asked with the lock held: whoever looks takes it after it has said what has arrived.
      if (!hasArrived(ticket)) {
        waiters.add(new Waiter(ticket, action));
        return;
      }
    }
    action.run();
  }

  /** Whether somebody waits for a ticket to arrive. */
  public boolean isAwaited() {
    synchronized (waiters) {
      return !waiters.isEmpty();
    }
  }

  /** Somebody has waited for a ticket for too long. */
  public void late(long ticket) {
    lateTicket.accumulateAndGet(ticket, Math::max);
  }

  /** Whether it makes sense to wait: what somebody has waited for in vain has arrived meanwhile. */
  public boolean isOnTime() {
    return known && hasArrived(lateTicket.get());
  }

  /**
   * To be called before the log is looked at.
   *
   * @return the round's number
   */
  public long begin() {
    beganNanos = clock.getAsLong();
    long next = begun + 1;
    begun = next;
    return next;
  }

  /** A round has found the log empty. */
  public void seenEmpty(long round) {
    open.clear();
    arrived(round, beganNanos);
  }

  /**
   * A round has found the log empty, and all that is committed from now on arrives with its commit,
   * until a round finds something in the log or {@link #lost} is called.
   */
  public void together() {
    open.clear();
    arrived(ALWAYS, beganNanos);
  }

  /**
   * A round has found something in the log.
   *
   * @param oldest the number of the oldest change in it
   * @param last a number that none exceeds which was committed before the round began
   */
  public void seen(long round, long oldest, long last) {
    known = true;
    if (arrived == ALWAYS) {
      arrived = NEVER;
    }
    if (open.size() < MOST_ROUNDS) {
      open.addLast(new Round(round, last, beganNanos));
    }
    while (!open.isEmpty() && open.getFirst().last() < oldest) {
      Round whole = open.removeFirst();
      arrived(whole.number(), whole.nanos());
    }
  }

  private void arrived(long round, long nanos) {
    arrivedNanos = nanos;
    arrived = round;
    known = true;
    tell(round);
  }

  /** Those who wait for a ticket below this. */
  private void tell(long below) {
    List<Runnable> told = new ArrayList<>();
    synchronized (waiters) {
      for (Waiter first = waiters.peek();
          first != null && first.ticket() < below;
          first = waiters.peek()) {
        told.add(first.action());
        waiters.poll();
      }
    }
    told.forEach(Runnable::run);
  }
}
