package dev.crossfade.bench.overhead;

import dev.crossfade.bench.process.ProcessFigures;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The resident memory of the process that a contender is. */
final class Resident {
  /** Longer than the sidecar's TrimNativeHeapInterval of 5 s. */
  private static final int LEAST_SECONDS = 7;

  private static final int MOST_SECONDS = 40;
  private static final int STEADY_SECONDS = 3;
  private static final double STEADY_MIB = 0.25;

  private Resident() {}

  static double mib(Contender contender) {
    return ProcessFigures.residentKib(contender.pid().orElseThrow()) / 1024.0;
  }

  /** When it no longer changes, or in 40 seconds. */
  static double settledMib(Contender contender) {
    double last = mib(contender);
    int steady = 0;
    for (int second = 1;
        second <= MOST_SECONDS && (second <= LEAST_SECONDS || steady < STEADY_SECONDS);
        second++) {
      pause(Duration.ofSeconds(1));
      double now = mib(contender);
      steady = Math.abs(now - last) < STEADY_MIB ? steady + 1 : 0;
      last = now;
    }
    return last;
  }

  static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
