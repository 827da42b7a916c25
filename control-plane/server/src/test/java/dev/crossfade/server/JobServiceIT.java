package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeJobRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobEventKind;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobResponse;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.server.store.Database;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** Jobs that a control plane runs on real databases. */
class JobServiceIT {
  private static final int ROWS = 3_000;
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final JobSettings NO_PENDING =
      JobSettings.newBuilder().setChunk(100).setWorkers(1).setMostPending(0).build();

  private Database.Login login;
  private JobDatabases databases;
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    databases = JobDatabases.create(ROWS);
    login = TestDatabases.create();
    replica = Replica.start(login, databases.databasesFile());
    replica
        .migrations()
        .apply(ApplyRequest.newBuilder().setYaml(JobDatabases.YAML).setSource("notes").build());
    replica.stage(JobDatabases.MIGRATION, Stage.STAGE_DUAL_WRITE);
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private Job begin(JobKind kind, JobSettings settings) {
    return begin(replica, kind, settings);
  }

  private static Job begin(Replica replica, JobKind kind, JobSettings settings) {
    JobResponse response =
        replica
            .jobs()
            .startJob(
                StartJobRequest.newBuilder()
                    .setMigration(JobDatabases.MIGRATION)
                    .setKind(kind)
                    .setSettings(settings)
                    .setNote(ChangeNote.newBuilder().setActor("ada").setReason("now"))
                    .build());
    assertThat(response.getChanged()).isTrue();
    return response.getJob();
  }

  private Job job(long id) {
    return replica.jobs().getJob(GetJobRequest.newBuilder().setId(id).build()).getJob();
  }

  private Job awaitJob(long id, Predicate<Job> condition) {
    return await().atMost(BOUND).until(() -> job(id), condition);
  }

  private Job awaitState(long id, JobState state) {
    return awaitJob(id, job -> job.getState() == state);
  }

  private static ChangeJobRequest change(long id) {
    return ChangeJobRequest.newBuilder()
        .setId(id)
        .setNote(ChangeNote.newBuilder().setActor("bob").setReason("because"))
        .build();
  }

  private static void refused(Status.Code code, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(message);
            });
  }

  @Test
  void fromNothingToTwoEqualSides() throws Exception {
    databases.onOld("UPDATE notes SET body = 'bad' WHERE id = 7");
    databases.carryPending();
    Job backfill = begin(JobKind.JOB_KIND_BACKFILL, JobSettings.getDefaultInstance());
    Job carried = awaitState(backfill.getId(), JobState.JOB_STATE_DONE);
    assertThat(carried.getProgress().getDone()).isEqualTo(ROWS);
    assertThat(carried.getProgress().getTotal()).isEqualTo(ROWS);
    assertThat(carried.getProgress().getFailed()).isEqualTo(1);
    assertThat(carried.getProgress().getExamplesList()).containsExactly("public.notes 7 (23514)");
    assertThat(carried.getSettings().getChunk()).isEqualTo(1_000);
    assertThat(carried.getOwner()).isEmpty();
    assertThat(carried.hasStartedAt() && carried.hasEndedAt()).isTrue();
    assertThat(databases.remarks()).isEqualTo(ROWS - 1);

    databases.onOld("UPDATE notes SET body = 'good' WHERE id = 7");
    databases.carryPending();
    databases.onNew("UPDATE remarks SET text = 'x' WHERE id IN (9, 2500)");
    Job verify = begin(JobKind.JOB_KIND_VERIFY, JobSettings.newBuilder().setChunk(500).build());
    Job found = awaitState(verify.getId(), JobState.JOB_STATE_DONE);
    assertThat(found.getProgress().getDone()).isEqualTo(ROWS);
    assertThat(found.getProgress().getDrifted()).isEqualTo(3);
    assertThat(found.getProgress().getExamplesList())
        .containsExactlyInAnyOrder("public.notes 7", "public.notes 9", "public.notes 2500");

    Job repair = begin(JobKind.JOB_KIND_REPAIR, JobSettings.newBuilder().setChunk(500).build());
    Job repaired = awaitState(repair.getId(), JobState.JOB_STATE_DONE);
    assertThat(repaired.getProgress().getDrifted()).isEqualTo(3);
    assertThat(repaired.getProgress().getRepaired()).isEqualTo(3);
    assertNoDrift();
    assertThat(replica.jobs().listJobs(ListJobsRequest.getDefaultInstance()).getJobsList())
        .extracting(Job::getId)
        .startsWith(repair.getId() + 1, repair.getId(), verify.getId(), backfill.getId());
  }

  private void assertNoDrift() throws Exception {
    Job verify = begin(JobKind.JOB_KIND_VERIFY, JobSettings.getDefaultInstance());
    Job found = awaitState(verify.getId(), JobState.JOB_STATE_DONE);
    assertThat(found.getProgress().getDone()).isEqualTo(ROWS);
    assertThat(found.getProgress().getDrifted()).isZero();
    assertThat(found.getProgress().getRestless()).isZero();
    assertThat(databases.remarks()).isEqualTo(ROWS);
  }

  @Test
  void itSaysWhatItWaitsForAndIsPausedAndResumed() throws Exception {
    databases.leavePending();
    long id = begin(JobKind.JOB_KIND_BACKFILL, NO_PENDING).getId();
    Job waiting =
        awaitJob(
            id, job -> !job.getWaits().isEmpty() && job.getState() != JobState.JOB_STATE_QUEUED);
    assertThat(waiting.getWaits()).isEqualTo("waits for the mirror: 1 changes are on their way");
    assertThat(waiting.getOwner()).endsWith("/" + ProcessHandle.current().pid());
    assertThat(waiting.getProgress().getDone()).isEqualTo(100);
    assertThat(waiting.getProgress().getStep()).isEqualTo("public.notes");

    assertThat(replica.jobs().pauseJob(change(id)).getMessage())
        .isEqualTo("job " + id + " pauses after its present chunk");
    Job paused = awaitState(id, JobState.JOB_STATE_PAUSED);
    assertThat(paused.getOwner()).isEmpty();
    assertThat(replica.jobs().pauseJob(change(id)).getChanged()).isFalse();
    databases.carryPending();
    assertThat(databases.remarks()).isEqualTo(100);

    assertThat(replica.jobs().resumeJob(change(id)).getJob().getState())
        .isEqualTo(JobState.JOB_STATE_QUEUED);
    awaitState(id, JobState.JOB_STATE_DONE);
    refused(
        Status.Code.FAILED_PRECONDITION,
        "job " + id + " has ended: it is done",
        () -> replica.jobs().resumeJob(change(id)));
    assertThat(
            replica
                .jobs()
                .getJob(GetJobRequest.newBuilder().setId(id).build())
                .getEventsList()
                .stream()
                .map(event -> event.getKind() + " " + event.getActor() + " " + event.getReason()))
        .containsExactly(
            JobEventKind.JOB_EVENT_KIND_STARTED + " ada now",
            JobEventKind.JOB_EVENT_KIND_PAUSED + " bob because",
            JobEventKind.JOB_EVENT_KIND_RESUMED + " bob because");
    assertNoDrift();
  }

  @Test
  void aVerificationGoesOnWhereItStoodAndCountsNothingTwice() throws Exception {
    awaitState(
        begin(JobKind.JOB_KIND_BACKFILL, JobSettings.getDefaultInstance()).getId(),
        JobState.JOB_STATE_DONE);
    databases.onNew("UPDATE remarks SET text = 'x' WHERE id IN (1, " + ROWS + ")");
    long id = begin(JobKind.JOB_KIND_VERIFY, JobSettings.newBuilder().setChunk(2).build()).getId();
    awaitJob(id, job -> job.getProgress().getDone() > 0);
    replica.jobs().pauseJob(change(id));
    Job paused = awaitState(id, JobState.JOB_STATE_PAUSED);
    assertThat(paused.getProgress().getDone()).isLessThan(ROWS);
    assertThat(paused.getProgress().getDrifted()).isEqualTo(1);
    replica.jobs().resumeJob(change(id));
    Job done = awaitState(id, JobState.JOB_STATE_DONE);
    assertThat(done.getProgress().getDone()).isEqualTo(ROWS);
    assertThat(done.getProgress().getDrifted()).isEqualTo(2);
  }

  @Test
  void oneIsOpenAtATimeUntilItIsCancelled() throws Exception {
    databases.leavePending();
    long id = begin(JobKind.JOB_KIND_BACKFILL, NO_PENDING).getId();
    refused(
        Status.Code.ALREADY_EXISTS,
        "job " + id + " is a backfill of migration 'notes' and has not ended",
        () -> begin(JobKind.JOB_KIND_BACKFILL, NO_PENDING));
    awaitJob(id, job -> job.getProgress().getDone() > 0);
    replica.jobs().cancelJob(change(id));
    Job cancelled = awaitState(id, JobState.JOB_STATE_CANCELLED);
    assertThat(cancelled.hasEndedAt()).isTrue();
    assertThat(databases.remarks()).isEqualTo(100);
    assertThat(replica.jobs().cancelJob(change(id)).getChanged()).isFalse();
    databases.carryPending();
    long next = begin(JobKind.JOB_KIND_BACKFILL, NO_PENDING).getId();
    Job done = awaitState(next, JobState.JOB_STATE_DONE);
    assertThat(done.getProgress().getDone()).isEqualTo(ROWS);
    assertNoDrift();
  }

  @Test
  void whatCanNotBeDoneIsRefusedAtOnce() throws Exception {
    refused(
        Status.Code.INVALID_ARGUMENT,
        "kind is missing or unknown",
        () -> begin(JobKind.JOB_KIND_UNSPECIFIED, NO_PENDING));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "settings.chunk is 2001: give 1 to 2000",
        () -> begin(JobKind.JOB_KIND_BACKFILL, JobSettings.newBuilder().setChunk(2_001).build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "settings.workers is 17: give 1 to 16",
        () -> begin(JobKind.JOB_KIND_VERIFY, JobSettings.newBuilder().setWorkers(17).build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "settings.workers is not for LENS_CHECK",
        () -> begin(JobKind.JOB_KIND_LENS_CHECK, JobSettings.newBuilder().setWorkers(2).build()));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "settings.again is for BACKFILL and APPLY only",
        () -> begin(JobKind.JOB_KIND_VERIFY, JobSettings.newBuilder().setAgain(true).build()));
    refused(Status.Code.NOT_FOUND, "there is no job 99", () -> job(99));
    refused(
        Status.Code.NOT_FOUND, "there is no job 99", () -> replica.jobs().cancelJob(change(99)));
    refused(
        Status.Code.NOT_FOUND,
        "there is no migration 'nix'",
        () ->
            replica
                .jobs()
                .startJob(
                    StartJobRequest.newBuilder()
                        .setMigration("nix")
                        .setKind(JobKind.JOB_KIND_VERIFY)
                        .build()));
    replica.stage(JobDatabases.MIGRATION, Stage.STAGE_OFF);
    refused(
        Status.Code.FAILED_PRECONDITION,
        "is in OFF, where changes are not carried to new: move it to DUAL_WRITE first",
        () -> begin(JobKind.JOB_KIND_BACKFILL, NO_PENDING));
    replica.stage(JobDatabases.MIGRATION, Stage.STAGE_DUAL_WRITE);
    try (Replica blind = Replica.start(login)) {
      refused(
          Status.Code.FAILED_PRECONDITION,
          "start it with --databases FILE",
          () -> begin(blind, JobKind.JOB_KIND_BACKFILL, NO_PENDING));
    }
    assertThat(replica.jobs().listJobs(ListJobsRequest.getDefaultInstance()).getJobsList())
        .isEmpty();
  }

  @Test
  void whatIsWrongForGoodFailsItAndCanBeTriedAgain() throws Exception {
    databases.onOld("ALTER TABLE crossfade.backfill RENAME TO gone");
    long id = begin(JobKind.JOB_KIND_BACKFILL, NO_PENDING).getId();
    Job failed = awaitState(id, JobState.JOB_STATE_FAILED);
    assertThat(failed.getError()).contains("crossfade.backfill").contains("42P01");
    databases.onOld("ALTER TABLE crossfade.gone RENAME TO backfill");
    assertThat(replica.jobs().resumeJob(change(id)).getJob().getError()).isEmpty();
    awaitState(id, JobState.JOB_STATE_DONE);
    assertNoDrift();
  }

  @Test
  void itGoesOnWhenItsConnectionsAreCut() throws Exception {
    databases.leavePending();
    long id = begin(JobKind.JOB_KIND_BACKFILL, NO_PENDING).getId();
    awaitJob(id, job -> job.getWaits().startsWith("waits for the mirror"));
    databases.onOld(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
            + " 'crossfade-mirror' AND datname = current_database()");
    awaitJob(id, job -> job.getWaits().startsWith("tries again in 1 s"));
    databases.carryPending();
    Job done = awaitState(id, JobState.JOB_STATE_DONE);
    assertThat(done.getProgress().getDone()).isEqualTo(ROWS);
    assertNoDrift();
  }

  @Test
  void itWaitsForAReplicaThatIsBehind() throws Exception {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, String.valueOf(databases.next().user()));
    PGProperty.PASSWORD.set(properties, databases.next().password());
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.APPLICATION_NAME.set(properties, "sleepy");
    try (Connection connection =
        DriverManager.getConnection(databases.next().jdbcUrl(), properties)) {
      LogSequenceNumber here =
          LogSequenceNumber.valueOf(
              databases.count(databases.next(), "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"));
      try (PGReplicationStream stream =
          connection
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .replicationStream()
              .physical()
              .withStartPosition(here)
              .start()) {
        stream.setAppliedLSN(here);
        stream.setFlushedLSN(here);
        stream.forceUpdateStatus();
        databases.onNew(
            "CREATE TABLE filler AS SELECT repeat(md5(i::text), 30) FROM generate_series(1, 5000)"
                + " i");
        long id =
            begin(
                    JobKind.JOB_KIND_BACKFILL,
                    JobSettings.newBuilder().setChunk(100).setMostReplicationBytes(1 << 20).build())
                .getId();
        Job waiting = awaitJob(id, job -> job.getWaits().contains("sleepy"));
        assertThat(waiting.getWaits())
            .matches("waits for sleepy, a replica of (old|new): [0-9]+ MiB and .* s behind");
        assertThat(waiting.getProgress().getDone()).isEqualTo(100);
        LogSequenceNumber far = LogSequenceNumber.valueOf(here.asLong() + (1L << 30));
        stream.setAppliedLSN(far);
        stream.setFlushedLSN(far);
        stream.forceUpdateStatus();
        awaitState(id, JobState.JOB_STATE_DONE);
      }
    }
    assertNoDrift();
  }
}
