package dev.crossfade.engine.signal;

import dev.crossfade.core.measure.LatencySteps;
import java.util.HashMap;
import java.util.Map;

/**
 * What one side has answered, counted from some beginning.
 *
 * @param count errors included
 * @param errors by the first two characters of the SQLSTATE
 * @param latencies by {@link LatencySteps}
 */
public record Answers(long count, Map<String, Long> errors, long[] latencies) {
  public static final Answers NONE = new Answers(0, Map.of(), new long[LatencySteps.COUNT]);

  public Answers {
    if (latencies.length != LatencySteps.COUNT) {
      throw new IllegalArgumentException(latencies.length + " steps of latency");
    }
    errors = Map.copyOf(errors);
    latencies = latencies.clone();
  }

  @Override
  public long[] latencies() {
    return latencies.clone();
  }

  /** All errors. */
  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * @param share above 0, at most 1
   * @return in microseconds, 0 when nothing was measured
   */
  public long latencyMicros(double share) {
    return LatencySteps.percentile(latencies, share);
  }

  /** Both together. */
  public Answers plus(Answers other) {
    return with(other, 1);
  }

  /**
   * What came since {@code earlier}, of the same beginning. Never less than nothing: who dies takes
   * along what it had counted and not yet written, and then there is less of it than there was.
   */
  public Answers minus(Answers earlier) {
    return with(earlier, -1);
  }

  private Answers with(Answers other, int sign) {
    Map<String, Long> sums = new HashMap<>(errors);
    other.errors.forEach((code, count) -> sums.merge(code, sign * count, Long::sum));
    sums.values().removeIf(count -> count <= 0);
    long[] steps = latencies.clone();
    for (int step = 0; step < steps.length; step++) {
      steps[step] = Math.max(0, steps[step] + sign * other.latencies[step]);
    }
    return new Answers(Math.max(0, count + sign * other.count), sums, steps);
  }
}
