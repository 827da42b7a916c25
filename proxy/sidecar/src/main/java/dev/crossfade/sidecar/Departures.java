package dev.crossfade.sidecar;

import dev.crossfade.postgresql.session.Sessions;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits, bounded, for clients to leave. */
final class Departures {
  private static final int WAITING_MAX = 8;
  private static final long LOOK_MILLIS = 20;

  private final Sessions sessions;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);

  Departures(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Until no session is left; one that has not begun yet does not count. */
  void awaitSessions(Duration most) {
    await(() -> sessions.count() == 0, most);
  }

  /** Until nobody is there who was let in. */
  void awaitEveryone(Duration most) {
    await(sessions::isEmpty, most);
  }

  /** The same for whoever asks by HTTP; who is one too many does not wait. */
  String page(Duration most) {
    if (waiting.tryAcquire()) {
      try {
        awaitEveryone(most);
      } finally {
        waiting.release();
      }
    }
    return sessions.isEmpty() ? "ok\n" : sessions.count() + " clients are still there\n";
  }

  private static void await(BooleanSupplier condition, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    try {
      while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
