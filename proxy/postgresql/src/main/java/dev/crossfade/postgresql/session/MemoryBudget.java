package dev.crossfade.postgresql.session;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all sessions together may hold. Any thread. */
public final class MemoryBudget {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param limit in bytes
   */
  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Takes so many bytes; false, and nothing is taken, when they are not left. */
  public boolean take(int bytes) {
    return take(bytes, limit);
  }

  /** The same for what must leave half of them to others. */
  public boolean takeOfHalf(int bytes) {
    return take(bytes, limit / 2);
  }

  private boolean take(int bytes, long most) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  public void giveBack(int bytes) {
    taken.addAndGet(-bytes);
  }

  public long taken() {
    return taken.get();
  }
}
