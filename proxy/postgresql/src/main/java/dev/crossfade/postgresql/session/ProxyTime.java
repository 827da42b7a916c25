package dev.crossfade.postgresql.session;

/**
 * How long a session's batches spend in the proxy alone: from bytes being read to what follows from
 * them being flushed, on the way there and on the way back. One batch in sixteen is timed, because
 * reading the clock costs too.
 */
final class ProxyTime {
  private static final int SAMPLED = 16;

  private final SessionMeters meters;
  private int countdown = 1;
  private boolean answered;
  private long enteredAt;
  private long spent;

  ProxyTime(SessionMeters meters) {
    this.meters = meters;
  }

  /** Bytes were read. */
  void entered() {
    if (countdown == 1 && enteredAt == 0) {
      enteredAt = System.nanoTime();
    }
  }

  /** A batch has its ReadyForQuery. */
  void answered() {
    answered = true;
  }

  /** Everything that followed is flushed. */
  void left() {
    if (enteredAt != 0) {
      spent += System.nanoTime() - enteredAt;
      enteredAt = 0;
    }
    if (answered) {
      answered = false;
      if (spent > 0) {
        meters.inProxy(spent);
        spent = 0;
      }
      countdown = countdown == 1 ? SAMPLED : countdown - 1;
    }
  }
}
