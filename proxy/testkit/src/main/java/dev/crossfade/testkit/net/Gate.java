package dev.crossfade.testkit.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The present flow of one direction, which threads can wait to see changed. */
final class Gate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Flow flow = new Flow.Pass();

  Flow flow() {
    return flow;
  }

  void set(Flow next) {
    flow = next;
    wake();
  }

  /** Lets every waiting thread look at its {@code ended} again. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits while the flow is this very one and {@code ended} does not hold, for at most the given
   * time.
   */
  @SuppressWarnings("ReferenceEquality") // an equal flow set anew is a change: counts begin again
  void awaitChange(Flow present, BooleanSupplier ended, Duration bound) {
    long left = TimeUnit.NANOSECONDS.convert(bound);
    lock.lock();
    try {
      while (left > 0 && flow == present && !ended.getAsBoolean()) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
