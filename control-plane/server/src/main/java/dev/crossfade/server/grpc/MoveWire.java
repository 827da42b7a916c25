package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.Move;
import dev.crossfade.api.v1.MoveState;
import dev.crossfade.api.v1.MoveStep;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Transition;
import dev.crossfade.server.store.MoveRow;

/** Writes moves as messages. */
final class MoveWire {
  private MoveWire() {}

  /** One that is under way. */
  static Move move(dev.crossfade.engine.catalog.Move move) {
    Transition transition = move.transition();
    Command.Rollback then = move.progress().then();
    return Move.newBuilder()
        .setId(move.id())
        .setFrom(Wire.stage(transition.from()))
        .setTo(Wire.stage(transition.to()))
        .setState(MoveState.MOVE_STATE_OPEN)
        .setStep(step(move.progress().step()))
        .setWaits(move.progress().waits())
        .setActor(move.note().actor())
        .setReason(move.note().reason())
        .setThenTo(then == null ? Stage.STAGE_UNSPECIFIED : Wire.stage(then.to()))
        .setAcceptsLoss(move.note().acceptsLoss())
        .build();
  }

  static Move move(MoveRow row) {
    Move.Builder move =
        move(row.move()).toBuilder().setBegunAt(Wire.timestamp(row.times().begunAt()));
    MoveRow.End end = row.end();
    if (end == null) {
      return move.build();
    }
    if (!end.pause().isZero()) {
      move.setPause(
          com.google.protobuf.Duration.newBuilder()
              .setSeconds(end.pause().toSeconds())
              .setNanos(end.pause().toNanosPart()));
    }
    return move.setState(end.done() ? MoveState.MOVE_STATE_DONE : MoveState.MOVE_STATE_FAILED)
        .setOutcome(end.outcome())
        .setEpoch(end.epoch())
        .setEndedAt(Wire.timestamp(end.at()))
        .build();
  }

  private static MoveStep step(dev.crossfade.engine.catalog.MoveStep step) {
    return switch (step) {
      case BEGUN -> MoveStep.MOVE_STEP_BEGUN;
      case CHECKED -> MoveStep.MOVE_STEP_CHECKED;
      case CALM -> MoveStep.MOVE_STEP_CALM;
      case CLOSED -> MoveStep.MOVE_STEP_CLOSED;
      case DRAINED -> MoveStep.MOVE_STEP_DRAINED;
      case READY -> MoveStep.MOVE_STEP_READY;
      case LEFT -> MoveStep.MOVE_STEP_LEFT;
      case ARRIVED -> MoveStep.MOVE_STEP_ARRIVED;
      case ARCHIVED -> MoveStep.MOVE_STEP_ARCHIVED;
      case REMOVED -> MoveStep.MOVE_STEP_REMOVED;
    };
  }
}
