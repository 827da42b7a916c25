package dev.crossfade.engine.rollout;

import dev.crossfade.engine.signal.Reading;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that guards look at.
 *
 * @param baseline where counting began
 * @param brokenSince since when guards that must be broken for a while have been, by their name
 */
public record Evidence(
    Reading reading,
    Baseline baseline,
    Findings findings,
    Map<String, Instant> brokenSince,
    Instant now) {
  public Evidence {
    brokenSince = Map.copyOf(brokenSince);
  }

  /**
   * What others have found.
   *
   * @param verification null when there was none
   * @param benchmarks by name
   */
  public record Findings(
      @Nullable Verification verification, Coverage coverage, Map<String, Benchmark> benchmarks) {
    public static final Findings NONE = new Findings(null, new Coverage(0, 0), Map.of());

    public Findings {
      benchmarks = Map.copyOf(benchmarks);
    }
  }

  /** The last verification that came to its end. */
  public record Verification(Instant asOf, long drifted) {}

  /**
   * Executions on mapped tables.
   *
   * @param unfit of statements that the next step could not have
   */
  public record Coverage(long executions, long unfit) {}

  /** A result that was recorded. */
  public record Benchmark(double value, Instant at) {}
}
