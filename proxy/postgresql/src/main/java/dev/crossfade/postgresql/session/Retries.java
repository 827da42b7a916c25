package dev.crossfade.postgresql.session;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * Batches that a fence has refused and that are done again, as if their client had sent them now:
 * for a bounded time, for an authority that is nobody's may stay so.
 */
final class Retries {
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** So many are done at once: each side may have been asked in vain. */
  private static final int AT_ONCE = 2;

  private final ClientSession session;
  private int tries;
  private long since;
  private boolean waiting;

  Retries(ClientSession session) {
    this.session = session;
  }

  /** Whether a batch waits for its next try. */
  boolean isWaiting() {
    return waiting;
  }

  boolean isWorthwhile() {
    return tries == 0 || System.nanoTime() - since < LONGEST_NANOS;
  }

  /** Something has been answered that no fence refused. */
  void succeeded() {
    tries = 0;
  }

  /** Takes over a batch that is to be done again, now or before long. */
  void again(ByteBuf batch) {
    if (tries == 0) {
      since = System.nanoTime();
    }
    tries++;
    if (tries <= AT_ONCE) {
      session.frontend().again(batch);
      return;
    }
    waiting = true;
    session.later(
        PAUSE_NANOS,
        () -> {
          waiting = false;
          session.frontend().again(batch);
          session.flush();
        });
  }
}
