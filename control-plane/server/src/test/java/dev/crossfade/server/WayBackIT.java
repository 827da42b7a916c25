package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.ChangeKind;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.mirror.Mirror;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What moving the authority back would lose is counted, told, and in its way. */
class WayBackIT {
  private static final Duration BOUND = Duration.ofSeconds(60);

  /** What does not end with an exclamation mark on new comes back with one. */
  private static final String YAML =
      JobDatabases.YAML.replace(
          "{rename: text}", "{rename: text, up: \"body || '!'\", down: \"left(text, -1)\"}");

  @SuppressWarnings("NullAway.Init")
  private MoveScene scene;

  @SuppressWarnings("NullAway.Init")
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    scene = MoveScene.create(YAML);
    replica = Replica.start(scene.control(), scene.databases().databasesFile());
    replica.stage(MoveScene.NAME, Stage.STAGE_LIVE);
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private void onNew(String sql) throws Exception {
    TestDatabases.execute(scene.databases().next().jdbcUrl(), sql);
  }

  private void awaitArrival() {
    Awaitility.await()
        .atMost(BOUND)
        .until(
            () ->
                scene
                    .databases()
                    .count(scene.databases().next(), "SELECT count(*) FROM crossfade.mutation"),
            pending -> pending == 0);
  }

  private GetResponse awaitLost(long lost) {
    return MoveScene.await(
        replica, now -> now.hasRollbackLoss() && now.getRollbackLoss().getLost() == lost);
  }

  private static RollbackRequest.Builder rollback(Stage to) {
    return RollbackRequest.newBuilder()
        .setName(MoveScene.NAME)
        .setToStage(to)
        .setMaxPause(com.google.protobuf.Duration.newBuilder().setSeconds(30));
  }

  private static String refused(Runnable call) {
    try {
      call.run();
      return "it was not refused";
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      return String.valueOf(e.getStatus().getDescription());
    }
  }

  private List<Job> meters() {
    return replica
        .jobs()
        .listJobs(ListJobsRequest.newBuilder().setMigration(MoveScene.NAME).build())
        .getJobsList()
        .stream()
        .filter(job -> job.getKind() == JobKind.JOB_KIND_ROLLBACK_LOSS)
        .toList();
  }

  @Test
  void itIsCountedWhileNewHasTheAuthorityAndKeepsItThere() throws Exception {
    assertThat(awaitLost(0).getRollbackLoss().getRows()).isEqualTo(50);
    try (Mirror back = scene.databases().mirrorBack()) {
      onNew("UPDATE remarks SET text = 'as it was!' WHERE id > 40");
      onNew("UPDATE remarks SET text = 'plain' WHERE id IN (3, 4, 5, 6)");
      back.kick();
      awaitArrival();
      GetResponse some = awaitLost(4);
      assertThat(some.getRollbackLoss().getExamplesList())
          .containsExactlyInAnyOrder(
              "public.notes 3", "public.notes 4", "public.notes 5", "public.notes 6");
      assertThat(meters())
          .singleElement()
          .extracting(Job::getState)
          .isEqualTo(JobState.JOB_STATE_RUNNING);

      String why =
          "that would lose 4 entities of new that old does not give back (public.notes 3;"
              + " public.notes 4; public.notes 5; ...): change them on new, or accept it with"
              + " --accept-loss";
      assertThat(refused(() -> replica.migrations().rollback(rollback(Stage.STAGE_OFF).build())))
          .isEqualTo("migration 'notes' stays in LIVE, it could not go to OFF: " + why);
      assertThat(refused(() -> replica.stage(MoveScene.NAME, Stage.STAGE_RAMP))).endsWith(why);
      replica.stage(MoveScene.NAME, Stage.STAGE_RAMPDOWN);
      assertThat(refused(() -> replica.migrations().rollback(rollback(Stage.STAGE_RAMP).build())))
          .isEqualTo("migration 'notes' stays in RAMPDOWN, it could not go to RAMP: " + why);
      replica.stage(MoveScene.NAME, Stage.STAGE_LIVE);
      assertThat(scene.writes()).containsExactly("CF001", "taken");

      onNew("UPDATE remarks SET text = 'mended!' WHERE id BETWEEN 3 AND 6");
      back.kick();
      awaitArrival();
    }
    // It is measured at once: nobody waits for the next pass.
    replica.migrations().rollback(rollback(Stage.STAGE_RAMP).build());
    assertThat(scene.writes()).containsExactly("taken", "CF001");
    assertThat(MoveScene.get(replica).hasRollbackLoss()).isFalse();
    Awaitility.await()
        .atMost(BOUND)
        .until(() -> meters().getFirst().getState(), JobState.JOB_STATE_DONE::equals);
    assertThat(
            refused(
                () ->
                    replica
                        .jobs()
                        .startJob(
                            StartJobRequest.newBuilder()
                                .setMigration(MoveScene.NAME)
                                .setKind(JobKind.JOB_KIND_ROLLBACK_LOSS)
                                .build())))
        .endsWith("where old has the authority: a way back would lose nothing");
  }

  @Test
  void whoAcceptsTheLossIsInTheHistory() throws Exception {
    try (Mirror back = scene.databases().mirrorBack()) {
      onNew("UPDATE remarks SET text = 'plain' WHERE id = 7");
      back.kick();
      awaitArrival();
    }
    assertThat(refused(() -> replica.stage(MoveScene.NAME, Stage.STAGE_RAMP)))
        .contains("that would lose 1 entity of new that old does not give back (public.notes 7): ");
    assertThat(MoveScene.get(replica).getRollbackLoss().getLost()).isEqualTo(1);
    replica
        .migrations()
        .setStage(
            SetStageRequest.newBuilder()
                .setName(MoveScene.NAME)
                .setStage(Stage.STAGE_RAMP)
                .setAcceptLoss(true)
                .setNote(ChangeNote.newBuilder().setActor("eve").setReason("new is on fire"))
                .build());
    GetResponse after = MoveScene.get(replica);
    assertThat(after.getMigration().getStage()).isEqualTo(Stage.STAGE_RAMP);
    assertThat(after.getLastMove().getAcceptsLoss()).isTrue();
    Change change = after.getHistory(0);
    assertThat(change.getKind()).isEqualTo(ChangeKind.CHANGE_KIND_STAGE);
    assertThat(change.getActor()).isEqualTo("eve");
    assertThat(change.getAcceptsLoss()).isTrue();
    assertThat(after.getHistoryList().stream().filter(Change::getAcceptsLoss)).hasSize(2);
    assertThat(scene.writes()).containsExactly("taken", "CF001");
    long lost =
        scene
            .databases()
            .count(scene.databases().old(), "SELECT count(*) FROM notes WHERE body = 'plai'");
    assertThat(lost).isEqualTo(1);
  }

  /** Nothing can be said of it, and the move carries it first. */
  @Test
  void whatIsOnItsWayIsNotCounted() throws Exception {
    onNew("UPDATE remarks SET text = 'on its way!' WHERE id = 9");
    GetResponse now =
        MoveScene.await(replica, response -> response.getRollbackLoss().getUndecided() == 1);
    assertThat(now.getRollbackLoss().getLost()).isZero();
    replica.migrations().rollback(rollback(Stage.STAGE_OFF).build());
    assertThat(scene.writes()).containsExactly("taken", "CF001");
  }

  /** It can neither be carried nor be told from what was accepted. */
  @Test
  void whatOldRefusesIsTheReasonInWords() throws Exception {
    scene.databases().onOld("ALTER TABLE notes ADD CHECK (body <> 'bad')");
    onNew("UPDATE remarks SET text = 'bad!' WHERE id = 8");
    try (Mirror back = scene.databases().mirrorBack()) {
      back.kick();
      awaitArrival();
    }
    assertThat(
            refused(
                () ->
                    replica
                        .migrations()
                        .rollback(rollback(Stage.STAGE_RAMP).setAcceptLoss(true).build())))
        .endsWith(
            "1 entities of new could not be carried to old, which would lose them: see 'ctl mirror"
                + " dead-letters'");
    assertThat(awaitLost(1).getRollbackLoss().getExamplesList()).containsExactly("public.notes 8");
  }

  /** Whoever looks at the databases may have no connection to spare, and begins again. */
  @Test
  void theMeterOutlivesItsControlPlaneAndItsConnections() throws Exception {
    awaitLost(0);
    replica.close();
    replica = Replica.start(scene.control(), scene.databases().databasesFile());
    try (Connection connection = JobDatabases.connect(scene.databases().old());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND pid <> pg_backend_pid()");
    }
    try (Mirror back = scene.databases().mirrorBack()) {
      onNew("UPDATE remarks SET text = 'plain' WHERE id = 2");
      back.kick();
      awaitArrival();
    }
    awaitLost(1);
    assertThat(meters()).hasSize(1);
  }
}
