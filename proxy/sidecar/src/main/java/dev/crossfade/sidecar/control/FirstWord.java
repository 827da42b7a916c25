package dev.crossfade.sidecar.control;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When there is no more to be waited for at the start.
 *
 * <pre>
 * disk read, and what it held decided --. and
 * the control plane's stream has ended -+------> over
 * a snapshot of the control plane decided -----> over
 * </pre>
 *
 * <p>Thread-safe.
 */
final class FirstWord {
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean read;
  private boolean silent;

  synchronized void diskRead() {
    read = true;
    endIfNobodySpeaks();
  }

  /** The control plane can't be reached now. */
  synchronized void silent() {
    silent = true;
    endIfNobodySpeaks();
  }

  private void endIfNobodySpeaks() {
    if (read && silent) {
      over.countDown();
    }
  }

  /** What the control plane has said is in force, or refused. */
  void said() {
    over.countDown();
  }

  /**
   * @return false when the time was up before
   */
  boolean await(Duration timeout) throws InterruptedException {
    return over.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
