package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Move;
import dev.crossfade.api.v1.MoveStep;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * A move, for a template.
 *
 * @param way from where to where
 * @param steps all that it consists of, with their marks
 * @param waits why it does not get on; empty when it does
 * @param then where a rollback goes on to; empty for none
 * @param outcome what it came to; empty while it is under way
 */
public record MoveView(
    String way,
    List<Step> steps,
    String waits,
    String then,
    String outcome,
    String pause,
    String actor,
    String reason,
    String begun,
    String ended) {
  private static final List<MoveStep> OF_AUTHORITY =
      List.of(
          MoveStep.MOVE_STEP_BEGUN,
          MoveStep.MOVE_STEP_CHECKED,
          MoveStep.MOVE_STEP_CALM,
          MoveStep.MOVE_STEP_CLOSED,
          MoveStep.MOVE_STEP_DRAINED,
          MoveStep.MOVE_STEP_READY,
          MoveStep.MOVE_STEP_LEFT,
          MoveStep.MOVE_STEP_ARRIVED);
  private static final List<MoveStep> OF_ARCHIVE =
      List.of(
          MoveStep.MOVE_STEP_BEGUN,
          MoveStep.MOVE_STEP_CHECKED,
          MoveStep.MOVE_STEP_READY,
          MoveStep.MOVE_STEP_ARCHIVED,
          MoveStep.MOVE_STEP_REMOVED);

  /**
   * A step.
   *
   * @param mark {@code past}, {@code here} or {@code ahead}
   */
  public record Step(String name, String effect, String mark) {}

  static MoveView of(Move move) {
    return new MoveView(
        way(move),
        steps(move),
        move.getWaits(),
        move.getThenTo() == Stage.STAGE_UNSPECIFIED ? "" : Words.stage(move.getThenTo()),
        move.getOutcome(),
        move.hasPause() ? Words.millis(move.getPause()) + " ms" : "",
        move.getActor(),
        move.getReason(),
        Words.time(move.getBegunAt()),
        move.hasEndedAt() ? Words.time(move.getEndedAt()) : "");
  }

  private static String way(Move move) {
    return Words.stage(move.getFrom()) + " → " + Words.stage(move.getTo());
  }

  /** One that is under way, on one line. */
  static String line(Move move) {
    return way(move)
        + ": "
        + Words.step(move.getStep())
        + (move.getWaits().isEmpty() ? "" : ", " + move.getWaits());
  }

  private static List<Step> steps(Move move) {
    List<MoveStep> all = move.getTo() == Stage.STAGE_COMPLETE ? OF_ARCHIVE : OF_AUTHORITY;
    List<Step> steps = new ArrayList<>();
    for (MoveStep step : all) {
      int order = Integer.compare(step.getNumber(), move.getStep().getNumber());
      steps.add(
          new Step(
              Words.lower(step.name(), "MOVE_STEP_"),
              Words.step(step),
              order < 0 ? "past" : order == 0 ? "here" : "ahead"));
    }
    return steps;
  }
}
