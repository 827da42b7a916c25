package dev.crossfade.server.job;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether something that is measured again and again takes longer than usual. What counts is the
 * median of the latest few measurements; usual is the lowest such median of the last ten minutes,
 * so that what stays slow becomes usual again.
 */
final class UsualTime {
  private static final int WINDOW = 5;
  private static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** What is slower by less is noise where everything is quick. */
  private static final double LEAST_MILLIS = 2;

  private final Deque<Double> window = new ArrayDeque<>();
  private final Deque<Level> levels = new ArrayDeque<>();

  private record Level(long nanos, double millis) {}

  /**
   * It takes longer.
   *
   * @param millis now
   * @param usual otherwise, in ms
   */
  record Slow(double millis, double usual) {}

  /**
   * @param nanos when it was measured
   * @param millis how long it took
   */
  void add(long nanos, double millis) {
    window.add(millis);
    if (window.size() < WINDOW) {
      return;
    }
    if (window.size() > WINDOW) {
      window.removeFirst();
    }
    levels.add(new Level(nanos, median()));
    while (nanos - levels.getFirst().nanos() > MEMORY_NANOS) {
      levels.removeFirst();
    }
  }

  private double median() {
    return window.stream().mapToDouble(Double::doubleValue).sorted().toArray()[WINDOW / 2];
  }

  /**
   * @param factor how many times as long as usual is still right
   */
  Optional<Slow> slow(double factor) {
    if (levels.isEmpty()) {
      return Optional.empty();
    }
    double now = levels.getLast().millis();
    double usual = levels.stream().mapToDouble(Level::millis).min().orElse(now);
    return now > usual * factor && now > usual + LEAST_MILLIS
        ? Optional.of(new Slow(now, usual))
        : Optional.empty();
  }
}
