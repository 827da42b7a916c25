package dev.crossfade.engine.rollout;

import dev.crossfade.engine.rollout.Plan.Standing;
import java.time.Instant;

/**
 * A rollout as it is stored: all that its next step is decided on, besides what is looked up.
 *
 * @param step of its plan, from 0
 * @param believed where the migration is, unless somebody else has moved it
 */
public record Rollout(
    long id, RolloutState state, int step, Standing believed, Work work, Status status) {
  /** Six are two too many for one line, and none is a part of another. */
  public Rollout {
    if (step < 0 || step >= Plan.STEPS_MAX) {
      throw new IllegalArgumentException("step " + step);
    }
  }

  /**
   * What is under way.
   *
   * @param move its id; 0 for none
   * @param job its id; 0 for none
   * @param isConfirmed whether a person has agreed to the next step
   */
  public record Work(long move, long job, boolean isConfirmed) {
    public static final Work NONE = new Work(0, 0, false);
  }

  /**
   * Why it is where it is.
   *
   * @param reason one sentence; empty where the state says it all
   * @param since when it came into its state
   * @param isWatched in PAUSED, whether guards still act
   */
  public record Status(String reason, Instant since, boolean isWatched) {}

  /** One that begins at a step. */
  static Rollout start(long id, int step, Standing standing, Status status) {
    return new Rollout(id, RolloutState.ENTERING, step, standing, Work.NONE, status);
  }

  /** With a move or job that has begun. */
  public Rollout with(Work newWork) {
    return new Rollout(id, state, step, believed, newWork, status);
  }

  /** Where the migration is by its own doing. */
  public Rollout at(Standing standing) {
    return new Rollout(id, state, step, standing, work, status);
  }

  Rollout in(RolloutState next, int nextStep, Status newStatus) {
    Work kept = next == RolloutState.HOLDING || next == RolloutState.JUDGING ? work : Work.NONE;
    return new Rollout(id, next, nextStep, believed, kept, newStatus);
  }
}
