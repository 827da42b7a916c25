package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.ChangeJobRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.LensEvidence;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A lens that loses something of old's rows does not get to LIVE unnoticed. */
class LossyLensIT {
  private static final Duration BOUND = Duration.ofSeconds(60);

  /** Of the 50 notes those from the tenth on lose their last letter. */
  private static final String CUT = "{rename: text, up: 'left(body, 6)', down: text";

  private static String yaml(String column) {
    return JobDatabases.YAML.replace("{rename: text}", column);
  }

  private static Replica start(MoveScene scene) throws StartException {
    return Replica.start(scene.control(), scene.databases().databasesFile());
  }

  private static SetStageRequest.Builder live() {
    return SetStageRequest.newBuilder().setName(MoveScene.NAME).setStage(Stage.STAGE_LIVE);
  }

  private static Job job(Replica replica, long id) {
    return replica.jobs().getJob(GetJobRequest.newBuilder().setId(id).build()).getJob();
  }

  @Test
  void whatItLosesIsToldAndHasToBeAccepted() throws Exception {
    MoveScene scene = MoveScene.create(yaml(CUT + "}"));
    try (Replica replica = start(scene)) {
      LensEvidence evidence = MoveScene.get(replica).getLensEvidence();
      assertThat(evidence.getOfThisFile()).isTrue();
      assertThat(evidence.getRows()).isEqualTo(50);
      assertThat(evidence.getLost()).isEqualTo(41);
      assertThat(evidence.getFindingsList())
          .singleElement()
          .asString()
          .startsWith("COLUMN_LOSSY old public.notes.body: ");
      assertThat(evidence.getExamplesList())
          .hasSizeBetween(1, 20)
          .contains("old public.notes.body id=10")
          .allMatch(example -> example.startsWith("old public.notes.body id="));
      assertThat(job(replica, 3).getProgress().getLost()).isEqualTo(41);
      assertThat(job(replica, 3).getProgress().getDrifted()).isZero();

      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> replica.migrations().setStage(live().build()));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(refused.getStatus().getDescription())
          .startsWith(
              "migration 'notes' stays in RAMP, it could not go to LIVE: its lens loses 41 rows"
                  + " and values of old (COLUMN_LOSSY old public.notes.body: ")
          .endsWith("): see 'ctl show notes', keep them in new, or accept it with --accept-loss");
      replica
          .migrations()
          .setStage(
              live()
                  .setAcceptLoss(true)
                  .setNote(ChangeNote.newBuilder().setActor("eve").setReason("nobody reads it"))
                  .build());
      GetResponse after = MoveScene.get(replica);
      assertThat(after.getMigration().getStage()).isEqualTo(Stage.STAGE_LIVE);
      Change change = after.getHistory(0);
      assertThat(change.getAcceptsLoss()).isTrue();
      assertThat(change.getActor()).isEqualTo("eve");
      assertThat(change.getReason()).isEqualTo("nobody reads it");
      replica
          .migrations()
          .rollback(
              RollbackRequest.newBuilder()
                  .setName(MoveScene.NAME)
                  .setToStage(Stage.STAGE_RAMP)
                  .build());
      assertThat(MoveScene.get(replica).getHistory(0).getAcceptsLoss()).isFalse();
    }
  }

  @Test
  void whatTheFileItselfCallsLossyIsAccepted() throws Exception {
    MoveScene scene = MoveScene.create(yaml(CUT + ", lossy: true}"));
    try (Replica replica = start(scene)) {
      assertThat(MoveScene.get(replica).getLensEvidence().getLost()).isZero();
      replica.migrations().setStage(live().build());
    }
  }

  /** Or one that is cut off again and again would check the first rows for ever. */
  @Test
  void aCheckThatIsCutOffGoesOnWhereItStood() throws Exception {
    MoveScene scene = MoveScene.create(yaml(CUT + "}"));
    try (Replica replica = start(scene)) {
      long id =
          replica
              .jobs()
              .startJob(
                  StartJobRequest.newBuilder()
                      .setMigration(MoveScene.NAME)
                      .setKind(JobKind.JOB_KIND_LENS_CHECK)
                      .setSettings(JobSettings.newBuilder().setChunk(5).setRowsPerSecond(5))
                      .build())
              .getJob()
              .getId();
      Awaitility.await().atMost(BOUND).until(() -> job(replica, id).getProgress().getDone() >= 15);
      scene.databases().onOld("UPDATE notes SET body = 'short' WHERE id = 10");
      scene
          .databases()
          .onOld(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                  + " current_database() AND pid <> pg_backend_pid()");
      Awaitility.await()
          .atMost(BOUND)
          .until(() -> job(replica, id).getState(), JobState.JOB_STATE_DONE::equals);
      LensEvidence evidence = MoveScene.get(replica).getLensEvidence();
      assertThat(evidence.getLost()).isEqualTo(41);
      assertThat(evidence.getRows()).isEqualTo(50);
    }
  }

  /** A check that was not whole is no evidence. */
  @Test
  void aCheckThatIsStoppedLeavesNothingBehind() throws Exception {
    MoveScene scene = MoveScene.create(yaml(CUT + "}"));
    try (Replica replica = start(scene)) {
      final LensEvidence before = MoveScene.get(replica).getLensEvidence();
      long id =
          replica
              .jobs()
              .startJob(
                  StartJobRequest.newBuilder()
                      .setMigration(MoveScene.NAME)
                      .setKind(JobKind.JOB_KIND_LENS_CHECK)
                      .setSettings(JobSettings.newBuilder().setChunk(5).setRowsPerSecond(1))
                      .build())
              .getJob()
              .getId();
      Awaitility.await().atMost(BOUND).until(() -> job(replica, id).getProgress().getDone() > 0);
      replica.jobs().cancelJob(ChangeJobRequest.newBuilder().setId(id).build());
      Awaitility.await()
          .atMost(BOUND)
          .until(() -> job(replica, id).getState(), JobState.JOB_STATE_CANCELLED::equals);
      assertThat(MoveScene.get(replica).getLensEvidence()).isEqualTo(before);
    }
  }
}
