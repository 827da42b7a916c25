package dev.crossfade.postgresql.plan;

import dev.crossfade.core.route.RouteReason;
import org.jspecify.annotations.Nullable;

/** What is known of the plan for a fingerprint. */
public sealed interface PlanState {
  /** Being made; old answers meanwhile. */
  record Pending() implements PlanState {}

  /** May be read from new. */
  record Ready(ReadPlan plan) implements PlanState {}

  /** Writes, and may be carried out where the data is. */
  record Written(WritePlan plan) implements PlanState {}

  /**
   * Is the authority's, which is old, and can be carried out on new once the authority is there:
   * both servers have described it. How is not kept, for nothing is run that way yet.
   *
   * @param reason its label in the metrics
   */
  record Movable(RouteReason reason, Consequence consequence) implements PlanState {}

  /** What a statement that is refused may do to what others rely on. */
  enum Consequence {
    NONE,
    /** It may write a mapped table. */
    MAY_WRITE,
    /** It may create a table that hides a mapped one from its session. */
    MAY_SHADOW
  }

  /**
   * Is answered by the authority.
   *
   * @param reason its label in the metrics
   * @param code stable, such as {@code LOCKING_READ}
   * @param token of the statement at which the reason stands, so that it is found in every text
   *     with the fingerprint; -1 when it concerns the whole
   * @param detail for people; may quote literals of the text that the plan was made from
   * @param serverError the ErrorResponse with which a server refused the statement itself; null
   *     where none did
   */
  record Refused(
      RouteReason reason,
      Consequence consequence,
      String code,
      int token,
      String detail,
      byte @Nullable [] serverError)
      implements PlanState {
    public Refused(
        RouteReason reason, Consequence consequence, String code, int token, String detail) {
      this(reason, consequence, code, token, detail, null);
    }
  }
}
