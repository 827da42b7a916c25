package dev.crossfade.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waiting for something that another thread or process does, with a bound. */
public final class Await {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(5);

  private Await() {}

  /** Waits up to 20 seconds for the condition; {@code what} names it in the failure. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, BOUND, condition);
  }

  /**
   * Waits for the condition, looking every few milliseconds.
   *
   * @throws AssertionError if it does not hold within the bound; the last exception it threw is the
   *     cause
   */
  public static void until(String what, Duration bound, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      Exception failure = null;
      try {
        if (condition.call()) {
          return;
        }
      } catch (Exception e) {
        failure = e;
      }
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new AssertionError("waited " + bound + " in vain for " + what, failure);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Whether a process runs; one that ended and has not been waited for does not. */
  public static boolean running(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException gone) {
      return false;
    }
  }
}
