package dev.crossfade.engine.catalog;

import static dev.crossfade.core.migration.Stage.DUAL_WRITE;
import static dev.crossfade.core.migration.Stage.OFF;
import static dev.crossfade.core.migration.Stage.RAMP;
import static dev.crossfade.core.migration.Stage.SHADOW;

import dev.crossfade.core.migration.Stage;
import java.util.Optional;

/**
 * Every way a stage may change; what is not in this table is refused.
 *
 * <pre>
 *        START_MIRRORING      START_COMPARING    START_RAMP
 *       -----------------> -----------------> ------------>
 *   OFF                 DUAL_WRITE          SHADOW          RAMP    | LIVE RAMPDOWN COMPLETE
 *       <----------------- <----------------- <------------         | (authority NEW: refused until the
 *        STOP_MIRRORING       STOP_COMPARING     STOP_RAMP          |  mirroring of writes can move it)
 *   ^^                     ^                  |   |
 *   |'---------------------+------------------'   |   ROLLBACK_*: from any stage to any earlier one
 *   '----------------------+----------------------'
 * </pre>
 */
public enum Transition {
  START_MIRRORING(Move.STEP, OFF, DUAL_WRITE, "reads are old's"),
  START_COMPARING(Move.STEP, DUAL_WRITE, SHADOW, "reads are old's"),
  START_RAMP(Move.STEP, SHADOW, RAMP, "new answers the read share"),
  STOP_RAMP(Move.STEP, RAMP, SHADOW, "all reads are old's again"),
  STOP_COMPARING(Move.STEP, SHADOW, DUAL_WRITE, "reads are old's"),
  STOP_MIRRORING(Move.STEP, DUAL_WRITE, OFF, "reads are old's"),
  ROLLBACK_DUAL_WRITE(Move.ROLLBACK, DUAL_WRITE, OFF, "reads are old's"),
  ROLLBACK_SHADOW(Move.ROLLBACK, SHADOW, OFF, "reads are old's"),
  ROLLBACK_SHADOW_TO_DUAL_WRITE(Move.ROLLBACK, SHADOW, DUAL_WRITE, "reads are old's"),
  ROLLBACK_RAMP(Move.ROLLBACK, RAMP, OFF, "all reads are old's again"),
  ROLLBACK_RAMP_TO_DUAL_WRITE(Move.ROLLBACK, RAMP, DUAL_WRITE, "all reads are old's again"),
  ROLLBACK_RAMP_TO_SHADOW(Move.ROLLBACK, RAMP, SHADOW, "all reads are old's again");

  /** How a stage is asked to change. */
  public enum Move {
    /** One step forward or back. */
    STEP,
    /** Back, however far. */
    ROLLBACK
  }

  private final Move move;
  private final Stage from;
  private final Stage to;
  private final String effect;

  Transition(Move move, Stage from, Stage to, String effect) {
    this.move = move;
    this.from = from;
    this.to = to;
    this.effect = effect;
  }

  /** The transition of the table, or empty when there is none. */
  public static Optional<Transition> of(Move move, Stage from, Stage to) {
    for (Transition transition : values()) {
      if (transition.move == move && transition.from == from && transition.to == to) {
        return Optional.of(transition);
      }
    }
    return Optional.empty();
  }

  public Move move() {
    return move;
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
}
