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
   * @param verdict the latest of a benchmark before the rollout; null when there was none
   */
  public record Findings(
      @Nullable Verification verification,
      Coverage coverage,
      Map<String, Benchmark> benchmarks,
      @Nullable Verdict verdict) {
    public static final Findings NONE = new Findings(null, new Coverage(0, 0), Map.of(), null);

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

  /**
   * What a benchmark before the rollout came to.
   *
   * @param reason against it; empty when it is a go
   * @param isCurrent whether the migration's file still is the one that was measured
   */
  public record Verdict(boolean isGo, String reason, Instant measuredAt, boolean isCurrent) {}
}
