package dev.crossfade.server.grpc;

import com.google.protobuf.util.Durations;
import dev.crossfade.api.v1.GuardOutcome;
import dev.crossfade.api.v1.GuardSample;
import dev.crossfade.api.v1.Rollout;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.RolloutStep;
import dev.crossfade.api.v1.WebhookCall;
import dev.crossfade.engine.rollout.Finding;
import dev.crossfade.engine.rollout.Guard;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.server.store.RolloutCalls;
import dev.crossfade.server.store.RolloutEvidence;
import dev.crossfade.server.store.RolloutRow;
import java.time.Instant;
import java.util.Locale;

/** How rollouts stand in messages. */
final class RolloutWire {
  private RolloutWire() {}

  static RolloutStep step(Plan.Step step) {
    RolloutStep.Builder wire =
        RolloutStep.newBuilder()
            .setName(step.name())
            .setStage(Wire.stage(step.stage()))
            .setReadBuckets(step.reads().buckets())
            .setHold(Durations.fromMillis(step.terms().hold().toMillis()))
            .setConfirm(step.terms().isConfirmed());
    Plan.Job job = step.terms().job();
    if (job != null) {
      wire.setJob(job.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    step.guards().stream().map(Guard::name).forEach(wire::addGuards);
    return wire.build();
  }

  static Rollout rollout(RolloutRow row) {
    Rollout.Builder wire =
        Rollout.newBuilder()
            .setId(row.rollout().id())
            .setMigration(row.migration())
            .setState(state(row.rollout().state()))
            .setStep(row.rollout().step())
            .setSince(Wire.timestamp(row.rollout().status().since()))
            .setReason(row.rollout().status().reason())
            .setWaits(row.story().waits())
            .setStartedAt(Wire.timestamp(row.story().startedAt()))
            .setStartedBy(row.story().startedBy());
    Instant ended = row.story().endedAt();
    if (ended != null) {
      wire.setEndedAt(Wire.timestamp(ended));
    }
    return wire.build();
  }

  private static RolloutState state(dev.crossfade.engine.rollout.RolloutState state) {
    return switch (state) {
      case IDLE -> RolloutState.ROLLOUT_STATE_UNSPECIFIED;
      case ENTERING -> RolloutState.ROLLOUT_STATE_ENTERING;
      case WORKING -> RolloutState.ROLLOUT_STATE_WORKING;
      case HOLDING -> RolloutState.ROLLOUT_STATE_HOLDING;
      case JUDGING -> RolloutState.ROLLOUT_STATE_JUDGING;
      case CONFIRMING -> RolloutState.ROLLOUT_STATE_CONFIRMING;
      case ROLLING_BACK -> RolloutState.ROLLOUT_STATE_ROLLING_BACK;
      case PAUSED -> RolloutState.ROLLOUT_STATE_PAUSED;
      case DONE -> RolloutState.ROLLOUT_STATE_DONE;
      case ROLLED_BACK -> RolloutState.ROLLOUT_STATE_ROLLED_BACK;
      case ABORTED -> RolloutState.ROLLOUT_STATE_ABORTED;
    };
  }

  static GuardSample sample(RolloutEvidence.Sample sample) {
    Finding finding = sample.finding();
    GuardSample.Builder wire =
        GuardSample.newBuilder()
            .setGuard(finding.guard())
            .setStep(sample.step())
            .setAt(Wire.timestamp(sample.at()))
            .setOutcome(outcome(finding.outcome()))
            .setReason(finding.reason())
            .setBound(finding.numbers().bound())
            .setSamples(finding.numbers().samples())
            .setDryRun(finding.isDryRun());
    if (!Double.isNaN(finding.numbers().value())) {
      wire.setValue(finding.numbers().value());
    }
    return wire.build();
  }

  private static GuardOutcome outcome(Guard.Outcome outcome) {
    return switch (outcome) {
      case PASS -> GuardOutcome.GUARD_OUTCOME_PASS;
      case FAIL -> GuardOutcome.GUARD_OUTCOME_FAIL;
      case NOT_ENOUGH_DATA -> GuardOutcome.GUARD_OUTCOME_NOT_ENOUGH_DATA;
      case PAUSE -> GuardOutcome.GUARD_OUTCOME_PAUSE;
    };
  }

  static WebhookCall call(RolloutCalls.Call call) {
    return WebhookCall.newBuilder()
        .setWebhook(call.webhook())
        .setAt(Wire.timestamp(call.content().createdAt()))
        .setState(call.progress().state().name())
        .setAttempts(call.progress().attempts())
        .setResult(call.progress().result())
        .build();
  }
}
