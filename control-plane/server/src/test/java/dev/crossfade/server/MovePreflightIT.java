package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Duration;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MoveState;
import dev.crossfade.api.v1.MoveStep;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.api.v1.WatchRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps the authority where it is, and what is said of it. */
class MovePreflightIT {
  @SuppressWarnings("NullAway.Init")
  private MoveScene scene;

  @SuppressWarnings("NullAway.Init")
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    scene = MoveScene.create();
    replica = Replica.start(scene.control(), scene.databases().databasesFile());
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private static SetStageRequest.Builder live() {
    return SetStageRequest.newBuilder().setName(MoveScene.NAME).setStage(Stage.STAGE_LIVE);
  }

  private static Status status(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private String refusal(SetStageRequest.Builder request) {
    Status status = status(() -> replica.migrations().setStage(request.build()));
    assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    GetResponse after = MoveScene.get(replica);
    assertThat(after.getMigration().getStage()).isEqualTo(Stage.STAGE_RAMP);
    assertThat(after.getMigration().hasMove()).isFalse();
    return String.valueOf(status.getDescription());
  }

  private String refusal() {
    String said = refusal(live());
    String beginning = "migration 'notes' stays in RAMP, it could not go to LIVE: ";
    assertThat(said).startsWith(beginning);
    assertThat(MoveScene.get(replica).getLastMove().getOutcome()).isEqualTo(said);
    return said.substring(beginning.length());
  }

  @Test
  void withoutDatabasesNoMoveBegins() throws Exception {
    try (Replica without = Replica.start(scene.control())) {
      Status status = status(() -> without.migrations().setStage(live().build()));
      assertThat(status.getDescription())
          .startsWith("migration 'notes' cannot go to LIVE here: this control plane was not told");
      assertThat(MoveScene.get(without).hasLastMove()).isFalse();
    }
  }

  @Test
  void captureMustBeThereWholeOnBothSides() throws Exception {
    scene.databases().onNew("ALTER TABLE remarks DISABLE TRIGGER ALL");
    assertThat(refusal()).contains("triggers are missing or switched off on new");
    scene.databases().onNew("UPDATE crossfade.fence SET authority = 'NEW'");
    assertThat(refusal()).isEqualTo("new holds that new has the authority");
    scene.databases().onNew("DELETE FROM crossfade.fence");
    assertThat(refusal()).isEqualTo("capture is not installed on new: run 'ctl mirror install'");
    scene.databases().onOld("DROP SCHEMA crossfade CASCADE");
    assertThat(refusal()).isEqualTo("capture is not installed on old: run 'ctl mirror install'");
  }

  @Test
  void whatCouldNotBeCarriedIsSeenToFirst() throws Exception {
    scene
        .databases()
        .onOld(
            "INSERT INTO crossfade.dead_letter (entity_group, key, sqlstate, error, attempts)"
                + " SELECT number, '{8}', '23514', 'too bad', 10 FROM crossfade.entity_group");
    assertThat(refusal())
        .isEqualTo("1 entities could not be carried: see 'ctl mirror dead-letters'");
  }

  @Test
  void itMustHaveBeenVerifiedLately() throws Exception {
    String again = ": run 'ctl job start verify notes'";
    scene.onControl("UPDATE crossfade_control.verification SET drifted = 3");
    assertThat(refusal()).isEqualTo("its last verification found 3 drifted" + again);
    scene.onControl(
        "UPDATE crossfade_control.verification SET drifted = 0, began_at = began_at - interval '25"
            + " hours'");
    assertThat(refusal())
        .isEqualTo("its last verification began 25 h ago, at most 24 h are allowed" + again);
    scene.onControl(
        "UPDATE crossfade_control.verification SET began_at = began_at + interval '24 hours'");
    assertThat(refusal()).isEqualTo("a backfill came after its last verification began" + again);
    scene.onControl("DELETE FROM crossfade_control.verification");
    assertThat(refusal()).isEqualTo("nobody has verified that new has what old has" + again);
    MoveScene.job(replica, JobKind.JOB_KIND_VERIFY);
    scene.onControl(
        "UPDATE crossfade_control.job SET state = 'PAUSED', ended_at = NULL WHERE kind ="
            + " 'BACKFILL'");
    assertThat(refusal()).isEqualTo("job 1, a backfill of it, has not ended");
    scene.onControl(
        "UPDATE crossfade_control.job SET state = 'CANCELLED', ended_at = created_at WHERE kind ="
            + " 'BACKFILL'");
    replica.migrations().setStage(live().build());
  }

  @Test
  void itsLensMustHaveBeenCheckedOnDataLately() throws Exception {
    String again = ": run 'ctl job start lens-check notes'";
    scene.onControl(
        "UPDATE crossfade_control.lens_check SET began_at = began_at - interval '25 hours'");
    assertThat(refusal())
        .isEqualTo("its lens was last checked on data 25 h ago, at most 24 h are allowed" + again);
    scene.onControl("UPDATE crossfade_control.lens_check SET file_hash = 'another'");
    assertThat(refusal())
        .isEqualTo("it had another file when its lens was last checked on data" + again);
    scene.onControl("DELETE FROM crossfade_control.lens_check");
    String nobody = "nobody has checked on data that its lens loses nothing" + again;
    assertThat(refusal()).isEqualTo(nobody);
    assertThat(refusal(live().setAcceptLoss(true))).as("who accepts must know").endsWith(nobody);
    MoveScene.job(replica, JobKind.JOB_KIND_LENS_CHECK);
    replica.migrations().setStage(live().build());
  }

  /** One that goes on follows the authority, so it need not be stopped. */
  @Test
  void aVerificationThatGoesOnIsNotInTheWay() {
    replica
        .jobs()
        .startJob(
            StartJobRequest.newBuilder()
                .setMigration(MoveScene.NAME)
                .setKind(JobKind.JOB_KIND_CONTINUOUS_VERIFY)
                .build());
    replica.migrations().setStage(live().build());
    replica.stage(MoveScene.NAME, Stage.STAGE_RAMP);
  }

  /** What was written meanwhile may be in no log. */
  @Test
  void aVerificationCountsForAsLongAsChangesAreCarried() {
    replica.migrations().rollback(RollbackRequest.newBuilder().setName(MoveScene.NAME).build());
    replica.stage(MoveScene.NAME, Stage.STAGE_DUAL_WRITE);
    replica.stage(MoveScene.NAME, Stage.STAGE_SHADOW);
    replica.stage(MoveScene.NAME, Stage.STAGE_RAMP);
    assertThat(refusal()).startsWith("it was in OFF after its last verification began");
  }

  @Test
  void newMustDrawTheIdsThatOldDraws() throws Exception {
    scene
        .databases()
        .onOld("ALTER TABLE notes ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 51)");
    assertThat(refusal())
        .isEqualTo(
            "old public.notes.id is filled from a sequence, new public.remarks.id is not: give new"
                + " its own identity or sequence");
    scene.databases().onNew("ALTER TABLE remarks ALTER id ADD GENERATED BY DEFAULT AS IDENTITY");
    replica.migrations().setStage(live().build());
    scene.databases().insertOnNew();
    assertThat(scene.databases().count(scene.databases().next(), "SELECT max(id) FROM remarks"))
        .isEqualTo(51);
  }

  @Test
  void statementsThatNewCouldNotCarryOutBlockIt() throws Exception {
    scene.onControl(
        "INSERT INTO crossfade_control.query VALUES ('notes', 'shop', '\\x01', 'SELECT ctid FROM"
            + " notes', 'READ', 'REFUSED', 'SYSTEM_COLUMN', 7, 'ctid', '', 1, '{}', '{}', now(),"
            + " now())");
    assertThat(refusal())
        .isEqualTo(
            "1 statement of services could not be carried out on new: see 'ctl readiness notes'");
  }

  @Test
  void sidecarsMustHaveTheCatalogAsItIs() throws Exception {
    ScriptedSidecar sidecar = ScriptedSidecar.connect(replica.newChannel());
    sidecar.hello("shop", "pod-1", 0).ack(sidecar.snapshot());
    ListenableFuture<MigrationResponse> asked =
        MigrationServiceGrpc.newFutureStub(replica.channel()).setStage(live().build());
    Snapshot begun = sidecar.snapshot();
    sidecar.nack(begun, "no room");
    assertThat(reason(asked)).contains("sidecar shop/pod-1 refuses the catalog as it is: no room");
    sidecar.ack(sidecar.snapshotOf(begun.getVersion() + 1));

    assertThat(refusal())
        .isEqualTo("sidecar shop/pod-1 has not taken over the catalog's last change within 10 s");
    ListenableFuture<MigrationResponse> again =
        MigrationServiceGrpc.newFutureStub(replica.channel()).setStage(live().build());
    sidecar.ack(sidecar.snapshotOf(begun.getVersion() + 4));
    assertThat(again.get(30, TimeUnit.SECONDS).getMigration().getStage())
        .isEqualTo(Stage.STAGE_LIVE);
    assertThat(sidecar.snapshot().getMigrations(0).getStage()).isEqualTo(Stage.STAGE_LIVE);
    sidecar.leave();
  }

  private static String reason(ListenableFuture<?> call) throws Exception {
    try {
      return String.valueOf(call.get(30, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return String.valueOf(Status.fromThrowable(e).getDescription());
    }
  }

  @Test
  void whoWritesForLongerThanIsAllowedKeepsTheAuthorityThere() throws Exception {
    Duration short1 = Duration.newBuilder().setNanos(200_000_000).build();
    try (Connection writer = JobDatabases.connect(scene.databases().old());
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.executeUpdate("UPDATE notes SET body = 'long' WHERE id = 3");
      assertThat(refusal(live().setMaxPause(short1))).contains("the authority stays where it is: ");
      statement.executeUpdate("UPDATE notes SET body = 'longer' WHERE id = 3");
      writer.commit();
    }
    assertThat(scene.writes()).containsExactly("taken", "CF001");
    assertThat(
            status(
                    () ->
                        replica
                            .migrations()
                            .setStage(
                                live().setMaxPause(Duration.newBuilder().setSeconds(61)).build()))
                .getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  /** The mirror does not come close, for an entity can't be carried: so there is time. */
  @Test
  void whatIsNotDecidedIsGivenUpByARollback() throws Exception {
    scene.databases().onOld("UPDATE notes SET body = 'bad' WHERE id = 5");
    Iterator<WatchEvent> watch =
        replica.migrations().watch(WatchRequest.newBuilder().setName(MoveScene.NAME).build());
    assertThat(watch.next().getMigration().hasMove()).isFalse();
    ListenableFuture<MigrationResponse> asked =
        MigrationServiceGrpc.newFutureStub(replica.channel()).setStage(live().build());
    MoveScene.await(
        replica, now -> now.getMigration().getMove().getStep() == MoveStep.MOVE_STEP_CHECKED);
    WatchEvent begun = watch.next();
    assertThat(begun.getMigration().getMove().getTo()).isEqualTo(Stage.STAGE_LIVE);
    assertThat(begun.getMigration().getStage()).isEqualTo(Stage.STAGE_RAMP);
    String busy =
        "is on its way from RAMP to LIVE, asked for by unknown: wait for its end, or roll";
    assertThat(
            status(
                    () ->
                        replica
                            .migrations()
                            .setReadPercent(
                                SetReadPercentRequest.newBuilder().setName("notes").build()))
                .getDescription())
        .contains(busy);
    assertThat(
            status(
                    () ->
                        replica
                            .jobs()
                            .startJob(
                                StartJobRequest.newBuilder()
                                    .setMigration("notes")
                                    .setKind(JobKind.JOB_KIND_VERIFY)
                                    .build()))
                .getDescription())
        .contains("is on its way to another stage");

    MigrationResponse back =
        replica
            .migrations()
            .rollback(
                RollbackRequest.newBuilder()
                    .setName("notes")
                    .setToStage(Stage.STAGE_SHADOW)
                    .setNote(ChangeNote.newBuilder().setActor("bob"))
                    .build());
    assertThat(back.getMigration().getStage()).isEqualTo(Stage.STAGE_SHADOW);
    assertThat(reason(asked)).endsWith("it could not go to LIVE: bob has rolled it back");
    WatchEvent failed = watch.next();
    assertThat(failed.getChange().getActor()).isEqualTo("bob");
    assertThat(failed.getMigration().hasMove()).isFalse();
    assertThat(watch.next().getMigration().getStage()).isEqualTo(Stage.STAGE_SHADOW);
    assertThat(MoveScene.get(replica).getLastMove().getState())
        .isEqualTo(MoveState.MOVE_STATE_FAILED);
    scene.databases().onOld("UPDATE notes SET body = 'good' WHERE id = 5");
    assertThat(scene.writes()).containsExactly("taken", "CF001");
  }
}
