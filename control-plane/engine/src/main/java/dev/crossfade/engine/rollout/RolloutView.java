package dev.crossfade.engine.rollout;

import dev.crossfade.engine.rollout.Plan.Standing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout's next step is decided on, besides the rollout itself.
 *
 * @param job the one of {@link Rollout.Work#job}; null for none
 * @param findings of the step's guards; empty where they are not asked
 */
public record RolloutView(
    Place place, @Nullable JobView job, List<Finding> findings, Answers answers, Instant now) {
  public RolloutView {
    findings = List.copyOf(findings);
  }

  /**
   * Where the migration is.
   *
   * @param changedBy who changed it last, and how
   * @param move the one of {@link Rollout.Work#move}, or another that is under way; null for none
   */
  public record Place(Standing standing, String changedBy, @Nullable MoveView move) {}

  /**
   * A move of the migration.
   *
   * @param outcome how it ended; for people
   */
  public record MoveView(long id, Standing to, State state, String outcome) {
    /** How far it is. */
    public enum State {
      OPEN,
      DONE,
      FAILED
    }
  }

  /**
   * A job of the migration.
   *
   * @param drifted entities that it found to differ and did not make equal
   * @param outcome why it failed; for people
   */
  public record JobView(long id, State state, long drifted, String outcome) {
    /** How far it is. */
    public enum State {
      OPEN,
      DONE,
      FAILED
    }
  }

  /**
   * What those say who must agree to the next step over HTTP.
   *
   * @param missing who has not agreed yet; empty when all have
   */
  public record Answers(String missing) {
    /** Nobody is asked. */
    public static final Answers ALL = new Answers("");
  }
}
