package dev.crossfade.engine.rollout;

/**
 * A condition that a step must keep.
 *
 * @param name as the file has it, with what tells it from others, such as {@code latency.p99}
 * @param remedy what becomes of the rollout when it does not hold
 * @param isDryRun whether it is only recorded
 */
public record Guard(String name, Measure measure, Remedy remedy, boolean isDryRun) {
  /** What becomes of a rollout when a guard does not hold. */
  public enum Remedy {
    /** Reads, and writes if nothing is lost by it, go back. */
    ROLLBACK,
    /** It stays where it is until a person lets it go on. */
    PAUSE,
    /** It does not go on until the guard holds. */
    WAIT
  }

  /** What a guard says. */
  public enum Outcome {
    /** It holds. */
    PASS,
    /** It does not: go back. */
    FAIL,
    /** Nothing can be said yet. */
    NOT_ENOUGH_DATA,
    /** It does not: stop here. */
    PAUSE
  }

  /** The key of the file that it stands under. */
  public String key() {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** What it says when what it looks at is not as it must be. */
  Outcome broken() {
    return switch (remedy) {
      case ROLLBACK -> Outcome.FAIL;
      case PAUSE -> Outcome.PAUSE;
      case WAIT -> Outcome.NOT_ENOUGH_DATA;
    };
  }
}
