package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.ChangeRolloutRequest;
import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.Rollout;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartRolloutRequest;
import dev.crossfade.server.rollout.RolloutSteps;
import dev.crossfade.server.store.Database;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A rollout on real databases, from OFF to LIVE and back, without a person but one. */
class RolloutLiveIT {
  private static final String NAME = JobDatabases.MIGRATION;
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final String PLAN =
      """

        rollout:
          guards:
            errors: {max: 1%}
            verified: {within: 1h}
            drift: {max: 0}
          steps:
            - {stage: DUAL_WRITE, job: backfill, guards: {verified: {within: 1h, dryRun: true}, drift: {max: 0, dryRun: true}}}
            - {stage: SHADOW, job: verify}
            - {name: lens, stage: SHADOW, job: lens-check}
            - {stage: RAMP, reads: 50%}
            - {stage: LIVE, confirm: true, hold: 1h}
      """;

  private static Rollout await(Replica replica, Predicate<Rollout> condition) {
    return Awaitility.await()
        .atMost(BOUND)
        .until(
            () ->
                replica
                    .rollouts()
                    .getRollout(GetRolloutRequest.newBuilder().setMigration(NAME).build())
                    .getRollout(),
            condition);
  }

  @Test
  void fromOffToLiveAndBack() throws Exception {
    JobDatabases databases = JobDatabases.create(50);
    Database.Login control = TestDatabases.create();
    TestSignals signals = new TestSignals();
    Watching watching = new Watching(step -> {}, RolloutSteps.SILENT, signals);
    try (Replica replica = Replica.start(control, databases.databasesFile(), watching)) {
      replica
          .migrations()
          .apply(
              ApplyRequest.newBuilder().setYaml(databases.yaml().stripTrailing() + PLAN).build());
      replica.rollouts().startRollout(StartRolloutRequest.newBuilder().setMigration(NAME).build());
      await(
          replica,
          now -> now.getStep() == 3 && now.getState() == RolloutState.ROLLOUT_STATE_JUDGING);
      assertThat(
              replica
                  .jobs()
                  .listJobs(ListJobsRequest.newBuilder().setMigration(NAME).build())
                  .getJobsList())
          .extracting(Job::getKind)
          .contains(
              JobKind.JOB_KIND_BACKFILL, JobKind.JOB_KIND_VERIFY, JobKind.JOB_KIND_LENS_CHECK);
      signals.count(NAME, 2_000, 0, 0);
      await(replica, now -> now.getState() == RolloutState.ROLLOUT_STATE_CONFIRMING);
      replica
          .rollouts()
          .confirmStep(
              ChangeRolloutRequest.newBuilder()
                  .setMigration(NAME)
                  .setNote(ChangeNote.newBuilder().setActor("eve"))
                  .build());
      await(
          replica,
          now -> now.getStep() == 4 && now.getState() == RolloutState.ROLLOUT_STATE_HOLDING);
      assertThat(MoveScene.get(replica).getMigration().getStage()).isEqualTo(Stage.STAGE_LIVE);
      assertThat(
              databases.count(
                  databases.old(), "SELECT count(*) FROM crossfade.fence WHERE authority = 'NEW'"))
          .isEqualTo(1);
      signals.count(NAME, 100, 80, 0);
      Rollout back =
          await(replica, now -> now.getState() == RolloutState.ROLLOUT_STATE_ROLLED_BACK);
      assertThat(back.getReason()).startsWith("errors: 80 of 100 (80%)");
      assertThat(MoveScene.get(replica).getMigration().getStage()).isEqualTo(Stage.STAGE_SHADOW);
      assertThat(
              databases.count(
                  databases.old(), "SELECT count(*) FROM crossfade.fence WHERE authority = 'OLD'"))
          .isEqualTo(1);
    }
  }
}
