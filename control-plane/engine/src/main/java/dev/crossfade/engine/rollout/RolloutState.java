package dev.crossfade.engine.rollout;

/** Where a rollout stands. */
public enum RolloutState {
  /** There is none. */
  IDLE,
  /** The migration is on its way to where the step has it. */
  ENTERING,
  /** The step's job runs. */
  WORKING,
  /** The step has to last for a while. */
  HOLDING,
  /** It has lasted long enough, and goes on when its guards hold. */
  JUDGING,
  /** Somebody has to agree before the next step begins. */
  CONFIRMING,
  /** A guard has failed, and the migration is on its way back. */
  ROLLING_BACK,
  /** Nothing goes on until a person says so. */
  PAUSED,
  /** The last step is over. */
  DONE,
  /** A guard has failed, and the migration is back. */
  ROLLED_BACK,
  /** A person has ended it. */
  ABORTED;

  /** Whether nothing comes after it. */
  public boolean isEnd() {
    return this == DONE || this == ROLLED_BACK || this == ABORTED;
  }

  /** Whether guards act in it. */
  public boolean isGuarded() {
    return this == WORKING || this == HOLDING || this == JUDGING || this == CONFIRMING;
  }
}
