package dev.crossfade.core.compare;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much waits, and that it is never too much. Any thread, no lock. */
public final class Backlog {
  private final int most;
  private final long mostBytes;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  public Backlog(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /** Whether there is a place, which is then taken. */
  public boolean enter(int itsBytes) {
    int now = count.incrementAndGet();
    long allBytes = bytes.addAndGet(itsBytes);
    if (now > most || allBytes > mostBytes) {
      leave(itsBytes);
      return false;
    }
    return true;
  }

  /** Whether there is a place, as things stand. */
  public boolean hasRoom(int itsBytes) {
    return count.get() < most && bytes.get() + itsBytes <= mostBytes;
  }

  /** What had a place has it no longer. */
  public void leave(int itsBytes) {
    count.decrementAndGet();
    bytes.addAndGet(-itsBytes);
  }

  public int count() {
    return count.get();
  }
}
