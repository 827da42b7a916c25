package dev.crossfade.engine.catalog;

import static dev.crossfade.core.migration.Stage.COMPLETE;
import static dev.crossfade.core.migration.Stage.DUAL_WRITE;
import static dev.crossfade.core.migration.Stage.LIVE;
import static dev.crossfade.core.migration.Stage.OFF;
import static dev.crossfade.core.migration.Stage.RAMP;
import static dev.crossfade.core.migration.Stage.RAMPDOWN;
import static dev.crossfade.core.migration.Stage.SHADOW;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import java.util.Optional;

/**
 * Every way a stage may change; what is not in this table is refused.
 *
 * <pre>
 *       START_MIRRORING      START_COMPARING   START_RAMP   GO_LIVE      START_RAMPDOWN      FINISH
 *       ---------------> --------------> ---------> =========> ---------------> =======>
 *   OFF               DUAL_WRITE      SHADOW      RAMP       LIVE            RAMPDOWN    COMPLETE
 *       <--------------- <-------------- <--------- <========= <---------------
 *       STOP_MIRRORING       STOP_COMPARING    STOP_RAMP    LEAVE_LIVE   STOP_RAMPDOWN
 *
 *   ROLLBACK_*: from any stage but COMPLETE to any earlier one
 *   ====: a {@link Move}, which takes its time and may fail; all others are in force at once
 * </pre>
 */
public enum Transition {
  START_MIRRORING(Way.STEP, OFF, DUAL_WRITE, "reads are old's"),
  START_COMPARING(Way.STEP, DUAL_WRITE, SHADOW, "reads are old's"),
  START_RAMP(Way.STEP, SHADOW, RAMP, "new answers the read share"),
  GO_LIVE(Way.STEP, RAMP, LIVE, "new has the authority"),
  START_RAMPDOWN(Way.STEP, LIVE, RAMPDOWN, "new has the authority, and nothing is compared"),
  FINISH(Way.STEP, RAMPDOWN, COMPLETE, "only new is left, old is an archive"),
  STOP_RAMPDOWN(Way.STEP, RAMPDOWN, LIVE, "new has the authority"),
  LEAVE_LIVE(Way.STEP, LIVE, RAMP, "old has the authority again"),
  STOP_RAMP(Way.STEP, RAMP, SHADOW, "all reads are old's again"),
  STOP_COMPARING(Way.STEP, SHADOW, DUAL_WRITE, "reads are old's"),
  STOP_MIRRORING(Way.STEP, DUAL_WRITE, OFF, "reads are old's"),
  ROLLBACK_DUAL_WRITE(Way.ROLLBACK, DUAL_WRITE, OFF, "reads are old's"),
  ROLLBACK_SHADOW(Way.ROLLBACK, SHADOW, OFF, "reads are old's"),
  ROLLBACK_SHADOW_TO_DUAL_WRITE(Way.ROLLBACK, SHADOW, DUAL_WRITE, "reads are old's"),
  ROLLBACK_RAMP(Way.ROLLBACK, RAMP, OFF, "all reads are old's again"),
  ROLLBACK_RAMP_TO_DUAL_WRITE(Way.ROLLBACK, RAMP, DUAL_WRITE, "all reads are old's again"),
  ROLLBACK_RAMP_TO_SHADOW(Way.ROLLBACK, RAMP, SHADOW, "all reads are old's again"),
  ROLLBACK_LIVE(Way.ROLLBACK, LIVE, OFF, "old has the authority again"),
  ROLLBACK_LIVE_TO_DUAL_WRITE(Way.ROLLBACK, LIVE, DUAL_WRITE, "old has the authority again"),
  ROLLBACK_LIVE_TO_SHADOW(Way.ROLLBACK, LIVE, SHADOW, "old has the authority again"),
  ROLLBACK_LIVE_TO_RAMP(Way.ROLLBACK, LIVE, RAMP, "old has the authority again"),
  ROLLBACK_RAMPDOWN(Way.ROLLBACK, RAMPDOWN, OFF, "old has the authority again"),
  ROLLBACK_RAMPDOWN_TO_DUAL_WRITE(
      Way.ROLLBACK, RAMPDOWN, DUAL_WRITE, "old has the authority again"),
  ROLLBACK_RAMPDOWN_TO_SHADOW(Way.ROLLBACK, RAMPDOWN, SHADOW, "old has the authority again"),
  ROLLBACK_RAMPDOWN_TO_RAMP(Way.ROLLBACK, RAMPDOWN, RAMP, "old has the authority again"),
  ROLLBACK_RAMPDOWN_TO_LIVE(Way.ROLLBACK, RAMPDOWN, LIVE, "new has the authority");

  /** How a stage is asked to change. */
  public enum Way {
    /** One step forward or back. */
    STEP,
    /** Back, however far. */
    ROLLBACK
  }

  private final Way way;
  private final Stage from;
  private final Stage to;
  private final String effect;

  Transition(Way way, Stage from, Stage to, String effect) {
    this.way = way;
    this.from = from;
    this.to = to;
    this.effect = effect;
  }

  /** The transition of the table, or empty when there is none. */
  public static Optional<Transition> of(Way way, Stage from, Stage to) {
    for (Transition transition : values()) {
      if (transition.way == way && transition.from == from && transition.to == to) {
        return Optional.of(transition);
      }
    }
    return Optional.empty();
  }

  public Way way() {
    return way;
  }

  public Stage from() {
    return from;
  }

  public Stage to() {
    return to;
  }

  /** What is in force after it, for people. */
  public String effect() {
    return effect;
  }

  /** Whether it leads to an earlier stage. */
  public boolean isBackward() {
    return to.compareTo(from) < 0;
  }

  /**
   * Whether something has to be done on the databases first: the authority goes to the other side,
   * or old becomes an archive.
   */
  public boolean isMove() {
    return from.authority() != to.authority() || to == COMPLETE;
  }

  /**
   * Where a migration stands after it. A way back takes the read share with it, so that the next
   * way forward does not begin at its old share.
   */
  public Position applied(Position before) {
    ReadShare reads = isBackward() ? ReadShare.NONE : before.reads();
    return before.with(to).with(reads);
  }

  Change.Kind kind() {
    return switch (way) {
      case STEP -> Change.Kind.STAGE;
      case ROLLBACK -> Change.Kind.ROLLBACK;
    };
  }
}
