package dev.crossfade.sidecar.control;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between reconnects: doubling up to a maximum, each drawn from the upper half of its
 * step, so that many sidecars that lost the same control plane do not come back at the same moment.
 * Not thread-safe.
 */
final class ReconnectBackoff {
  private final long minNanos;
  private final long maxNanos;
  private final RandomGenerator random;
  private long stepNanos;

  ReconnectBackoff(Duration min, Duration max, RandomGenerator random) {
    this.minNanos = min.toNanos();
    this.maxNanos = max.toNanos();
    this.random = random;
    this.stepNanos = minNanos;
  }

  Duration next() {
    long step = stepNanos;
    stepNanos = step > maxNanos / 2 ? maxNanos : step * 2;
    return Duration.ofNanos(step - random.nextLong(step / 2 + 1));
  }

  void reset() {
    stepNanos = minNanos;
  }
}
