package dev.crossfade.engine.rollout;

import dev.crossfade.core.migration.Stage;
import java.time.Duration;
import java.util.OptionalDouble;

/** What a guard looks at, and what it takes. */
public sealed interface Measure {
  /** Whether there is anything to look at in a stage. */
  boolean isFor(Stage stage);

  /**
   * The share of new's answers that are errors.
   *
   * @param max above 0, below 1
   * @param overOld whether {@code max} is on top of old's own share
   */
  record Errors(double max, boolean overOld) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      // Sidecars report nothing in COMPLETE, and there is no way back that could be decided on.
      return stage == Stage.RAMP || !overOld && (stage == Stage.LIVE || stage == Stage.RAMPDOWN);
    }
  }

  /**
   * How many times as long as old new may take.
   *
   * @param share which of the answers, in their order: 0.5 is the median
   */
  record Latency(double share, double ratio) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return stage == Stage.SHADOW || stage == Stage.RAMP || stage == Stage.LIVE;
    }
  }

  /**
   * The share of comparisons that end with a confirmed difference.
   *
   * @param max above 0, below 1
   */
  record Mismatches(double max) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return stage == Stage.SHADOW || stage == Stage.RAMP || stage == Stage.LIVE;
    }
  }

  /** Entities that the last verification found to differ. */
  record Drift(long max) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return isMirrored(stage);
    }
  }

  /**
   * The age of the oldest change that has not arrived.
   *
   * @param lasting for how long it must be older to count
   */
  record Lag(Duration max, Duration lasting) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return isMirrored(stage);
    }
  }

  /**
   * Changes that the mirror has given up.
   *
   * @param lasting for how long there must be more to count
   */
  record DeadLetters(long max, Duration lasting) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return isMirrored(stage);
    }
  }

  /** The share of executions on mapped tables that are fit for the next step. */
  record Coverage(double min) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return isMirrored(stage);
    }
  }

  /** The age of the last verification. */
  record Verified(Duration within) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return isMirrored(stage);
    }
  }

  /**
   * Sidecars that have gone silent.
   *
   * @param lasting for how long there must be more to count
   */
  record Silent(long max, Duration lasting) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return isMirrored(stage);
    }
  }

  /**
   * What was measured elsewhere.
   *
   * @param name that it was recorded under
   * @param within how old it may be
   */
  record Benchmark(String name, OptionalDouble min, OptionalDouble max, Duration within)
      implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return stage != Stage.OFF;
    }
  }

  /**
   * What a benchmark before the rollout came to.
   *
   * @param within how old it may be
   */
  record Verdict(Duration within) implements Measure {
    @Override
    public boolean isFor(Stage stage) {
      return stage != Stage.OFF;
    }
  }

  private static boolean isMirrored(Stage stage) {
    return stage != Stage.OFF && stage != Stage.COMPLETE;
  }
}
