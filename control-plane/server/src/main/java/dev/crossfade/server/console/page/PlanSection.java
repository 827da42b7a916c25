package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.GuardOutcome;
import dev.crossfade.api.v1.GuardSample;
import dev.crossfade.api.v1.Rollout;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.RolloutStep;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The plan of its file, the rollout that follows it, and what the guards say. */
record PlanSection() implements Section {
  /**
   * A step.
   *
   * @param mark {@code past}, {@code here} or {@code ahead}
   */
  public record StepRow(
      String name,
      String position,
      String hold,
      String job,
      boolean confirm,
      String guards,
      String mark) {
    static StepRow of(RolloutStep step, String mark) {
      boolean ramp = step.getStage() == Stage.STAGE_RAMP;
      return new StepRow(
          step.getName(),
          Words.stage(step.getStage()) + (ramp ? " " + Words.percent(step.getReadBuckets()) : ""),
          step.hasHold() ? Words.span(step.getHold()) : "",
          step.getJob(),
          step.getConfirm(),
          String.join(", ", step.getGuardsList()),
          mark);
    }
  }

  /** What a guard said last. */
  public record GuardRow(
      String name, String outcome, String tone, String reason, String at, boolean dryRun) {
    static GuardRow of(GuardSample sample) {
      return new GuardRow(
          sample.getGuard(),
          Words.lower(sample.getOutcome().name(), "GUARD_OUTCOME_"),
          tone(sample.getOutcome()),
          sample.getReason(),
          Words.time(sample.getAt()),
          sample.getDryRun());
    }

    private static String tone(GuardOutcome outcome) {
      return switch (outcome) {
        case GUARD_OUTCOME_PASS -> "good";
        case GUARD_OUTCOME_FAIL -> "bad";
        case GUARD_OUTCOME_PAUSE -> "warn";
        case GUARD_OUTCOME_NOT_ENOUGH_DATA, GUARD_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "off";
      };
    }
  }

  @Override
  public String id() {
    return "plan";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    String name = facts.migration().getName();
    Optional<GetRolloutResponse> answer =
        viewer
            .calls()
            .offered(
                () ->
                    viewer
                        .calls()
                        .rollouts()
                        .getRollout(GetRolloutRequest.newBuilder().setMigration(name).build()));
    if (answer.isEmpty() || answer.get().getPlanCount() == 0) {
      return Map.of();
    }
    Rollout rollout = answer.get().getRollout();
    boolean begun = answer.get().hasRollout();
    Map<String, Object> model = new HashMap<>();
    model.put("name", name);
    model.put("steps", steps(answer.get()));
    model.put("state", begun ? Words.lower(rollout.getState().name(), "ROLLOUT_STATE_") : "");
    model.put("tone", begun ? tone(rollout.getState()) : "");
    model.put("since", begun ? Words.time(rollout.getSince()) : "");
    model.put("reason", rollout.getReason());
    model.put("waits", rollout.getWaits());
    model.put("guards", answer.get().getGuardsList().stream().map(GuardRow::of).toList());
    model.put("verbs", viewer.identity().mayOperate() ? verbs(begun, rollout) : List.of());
    return model;
  }

  private static List<StepRow> steps(GetRolloutResponse answer) {
    boolean begun = answer.hasRollout();
    int here = answer.getRollout().getStep();
    boolean done = answer.getRollout().getState() == RolloutState.ROLLOUT_STATE_DONE;
    List<StepRow> steps = new ArrayList<>();
    for (int i = 0; i < answer.getPlanCount(); i++) {
      String mark = !begun || i > here ? "ahead" : done || i < here ? "past" : "here";
      steps.add(StepRow.of(answer.getPlan(i), mark));
    }
    return steps;
  }

  private static String tone(RolloutState state) {
    return switch (state) {
      case ROLLOUT_STATE_DONE -> "good";
      case ROLLOUT_STATE_ROLLING_BACK, ROLLOUT_STATE_ROLLED_BACK -> "bad";
      case ROLLOUT_STATE_PAUSED, ROLLOUT_STATE_CONFIRMING -> "warn";
      case ROLLOUT_STATE_ENTERING,
          ROLLOUT_STATE_WORKING,
          ROLLOUT_STATE_HOLDING,
          ROLLOUT_STATE_JUDGING,
          ROLLOUT_STATE_ABORTED,
          ROLLOUT_STATE_UNSPECIFIED,
          UNRECOGNIZED ->
          "";
    };
  }

  private static List<String> verbs(boolean begun, Rollout rollout) {
    if (!begun || rollout.hasEndedAt()) {
      return List.of("start");
    }
    return switch (rollout.getState()) {
      case ROLLOUT_STATE_PAUSED -> List.of("resume", "abort");
      case ROLLOUT_STATE_CONFIRMING -> List.of("confirm", "pause", "abort");
      default -> List.of("pause", "abort");
    };
  }
}
