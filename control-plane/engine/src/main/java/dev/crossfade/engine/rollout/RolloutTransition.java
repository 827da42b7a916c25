package dev.crossfade.engine.rollout;

import static dev.crossfade.engine.rollout.RolloutState.ABORTED;
import static dev.crossfade.engine.rollout.RolloutState.CONFIRMING;
import static dev.crossfade.engine.rollout.RolloutState.DONE;
import static dev.crossfade.engine.rollout.RolloutState.ENTERING;
import static dev.crossfade.engine.rollout.RolloutState.HOLDING;
import static dev.crossfade.engine.rollout.RolloutState.IDLE;
import static dev.crossfade.engine.rollout.RolloutState.JUDGING;
import static dev.crossfade.engine.rollout.RolloutState.PAUSED;
import static dev.crossfade.engine.rollout.RolloutState.ROLLED_BACK;
import static dev.crossfade.engine.rollout.RolloutState.ROLLING_BACK;
import static dev.crossfade.engine.rollout.RolloutState.WORKING;

/**
 * Every way from one state of a rollout to another; there is no other. docs/rollout.md has the
 * picture, which a test compares with this table.
 */
public enum RolloutTransition {
  START(IDLE, ENTERING, "a person starts it"),
  ENTER(ENTERING, HOLDING, "the migration is where the step has it"),
  ENTER_AND_WORK(ENTERING, WORKING, "so it is, and the step has a job"),
  WORK_DONE(WORKING, HOLDING, "the job is done"),
  HELD(HOLDING, JUDGING, "the hold is over"),
  ADVANCE(JUDGING, ENTERING, "all guards pass: next step"),
  ASK(JUDGING, CONFIRMING, "all guards pass, somebody must agree"),
  CONFIRM(CONFIRMING, ENTERING, "all agree: next step"),
  FINISH(JUDGING, DONE, "all guards of the last step pass"),
  FAIL_WORKING(WORKING, ROLLING_BACK, "a guard fails"),
  FAIL_HOLDING(HOLDING, ROLLING_BACK, "a guard fails"),
  FAIL_JUDGING(JUDGING, ROLLING_BACK, "a guard fails"),
  FAIL_CONFIRMING(CONFIRMING, ROLLING_BACK, "a guard fails"),
  FAIL_PAUSED(PAUSED, ROLLING_BACK, "a guard fails, and nobody has taken over"),
  WENT_BACK(ROLLING_BACK, ROLLED_BACK, "the migration is back"),
  STUCK(ROLLING_BACK, PAUSED, "the way back is refused"),
  PAUSE_ENTERING(ENTERING, PAUSED, "a person, or it cannot go on"),
  PAUSE_WORKING(WORKING, PAUSED, "a person, a guard, or the job fails"),
  PAUSE_HOLDING(HOLDING, PAUSED, "a person or a guard"),
  PAUSE_JUDGING(JUDGING, PAUSED, "a person or a guard"),
  PAUSE_CONFIRMING(CONFIRMING, PAUSED, "a person or a guard"),
  RESUME(PAUSED, ENTERING, "a person"),
  ABORT_ENTERING(ENTERING, ABORTED, "a person"),
  ABORT_WORKING(WORKING, ABORTED, "a person"),
  ABORT_HOLDING(HOLDING, ABORTED, "a person"),
  ABORT_JUDGING(JUDGING, ABORTED, "a person"),
  ABORT_CONFIRMING(CONFIRMING, ABORTED, "a person"),
  ABORT_ROLLING_BACK(ROLLING_BACK, ABORTED, "a person"),
  ABORT_PAUSED(PAUSED, ABORTED, "a person");

  private final RolloutState from;
  private final RolloutState to;
  private final String cause;

  RolloutTransition(RolloutState from, RolloutState to, String cause) {
    this.from = from;
    this.to = to;
    this.cause = cause;
  }

  /**
   * The one of the table.
   *
   * @throws IllegalStateException when there is none
   */
  static RolloutTransition of(RolloutState from, RolloutState to) {
    for (RolloutTransition transition : values()) {
      if (transition.from == from && transition.to == to) {
        return transition;
      }
    }
    throw new IllegalStateException("a rollout cannot go from " + from + " to " + to);
  }

  public RolloutState from() {
    return from;
  }

  public RolloutState to() {
    return to;
  }

  /** The whole table as a Mermaid diagram. */
  static String diagram() {
    StringBuilder text = new StringBuilder("stateDiagram-v2\n");
    for (RolloutTransition transition : values()) {
      text.append("  ").append(transition.from == IDLE ? "[*]" : transition.from.name());
      text.append(" --> ").append(transition.to).append(" : ").append(transition.cause);
      text.append('\n');
    }
    for (RolloutState state : RolloutState.values()) {
      if (state.isEnd()) {
        text.append("  ").append(state).append(" --> [*]\n");
      }
    }
    return text.toString();
  }
}
