package dev.crossfade.cli;

import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.GuardSample;
import dev.crossfade.api.v1.Rollout;
import dev.crossfade.api.v1.RolloutResponse;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.RolloutStep;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.WebhookCall;
import java.util.ArrayList;
import java.util.List;

/** How rollouts are written for people. */
final class RolloutText {
  private RolloutText() {}

  static void changed(Connection connection, RolloutResponse response) {
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(response.getMessage());
    }
  }

  static String state(RolloutState state) {
    return state.name().replaceFirst("^ROLLOUT_STATE_", "");
  }

  /** The rollout on one line. */
  static String line(GetRolloutResponse response) {
    if (!response.hasRollout()) {
      return "no rollout yet: begin it with 'crossfade ctl rollout start'";
    }
    Rollout rollout = response.getRollout();
    String step =
        rollout.getStep() < response.getPlanCount()
            ? response.getPlan(rollout.getStep()).getName()
            : String.valueOf(rollout.getStep());
    String why = rollout.getWaits().isEmpty() ? rollout.getReason() : rollout.getWaits();
    return Show.time(rollout.getSince())
        + "  step "
        + (rollout.getStep() + 1)
        + " of "
        + response.getPlanCount()
        + " ("
        + step
        + ")  "
        + state(rollout.getState())
        + (why.isEmpty() ? "" : "  " + why);
  }

  static String whole(GetRolloutResponse response) {
    List<String> parts = new ArrayList<>();
    if (response.getPlanCount() == 0) {
      parts.add("its file has no plan: spec.rollout");
    } else {
      parts.add(plan(response));
    }
    parts.add(line(response));
    if (response.getGuardsCount() > 0) {
      parts.add(samples(response.getGuardsList()));
    }
    if (response.getSamplesCount() > 0) {
      parts.add("earlier:\n" + samples(response.getSamplesList()));
    }
    if (response.getCallsCount() > 0) {
      parts.add(calls(response.getCallsList()));
    }
    return String.join("\n\n", parts);
  }

  private static String plan(GetRolloutResponse response) {
    Table table = new Table("", "STEP", "STAGE", "READS", "HOLD", "JOB", "CONFIRM", "GUARDS");
    for (int i = 0; i < response.getPlanCount(); i++) {
      RolloutStep step = response.getPlan(i);
      boolean isHere = response.hasRollout() && response.getRollout().getStep() == i;
      table.row(
          isHere ? ">" : "",
          step.getName(),
          Show.stage(step.getStage()),
          step.getStage() == Stage.STAGE_RAMP ? Show.percent(step.getReadBuckets()) : "-",
          step.getHold().getSeconds() == 0 ? "-" : step.getHold().getSeconds() + " s",
          step.getJob().isEmpty() ? "-" : step.getJob(),
          step.getConfirm() ? "yes" : "-",
          step.getGuardsCount() == 0 ? "-" : String.join(", ", step.getGuardsList()));
    }
    return table.toString();
  }

  private static String samples(List<GuardSample> samples) {
    Table table = new Table("GUARD", "SAYS", "AT", "WHY");
    for (GuardSample sample : samples) {
      table.row(
          sample.getGuard(),
          sample.getOutcome().name().replaceFirst("^GUARD_OUTCOME_", "")
              + (sample.getDryRun() ? " (dry run)" : ""),
          Show.time(sample.getAt()),
          sample.getReason());
    }
    return table.toString();
  }

  private static String calls(List<WebhookCall> calls) {
    Table table = new Table("WEBHOOK", "AT", "STATE", "ATTEMPTS", "RESULT");
    for (WebhookCall call : calls) {
      table.row(
          call.getWebhook(),
          Show.time(call.getAt()),
          call.getState(),
          String.valueOf(call.getAttempts()),
          call.getResult().isEmpty() ? "-" : call.getResult());
    }
    return table.toString();
  }
}
