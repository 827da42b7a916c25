package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeJobRequest;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.api.v1.Verification;
import dev.crossfade.server.store.Database;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A verification that goes on, and what is known of a migration through it. */
class ContinuousVerifyIT {
  private static final int ROWS = 3_000;
  private static final Duration BOUND = Duration.ofSeconds(60);

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

  private long begin(JobKind kind, JobSettings settings) {
    return replica
        .jobs()
        .startJob(
            StartJobRequest.newBuilder()
                .setMigration(JobDatabases.MIGRATION)
                .setKind(kind)
                .setSettings(settings)
                .build())
        .getJob()
        .getId();
  }

  private long verifyOn() {
    return begin(JobKind.JOB_KIND_CONTINUOUS_VERIFY, JobSettings.getDefaultInstance());
  }

  private Job awaitJob(long id, Predicate<Job> condition) {
    return await()
        .atMost(BOUND)
        .until(
            () -> replica.jobs().getJob(GetJobRequest.newBuilder().setId(id).build()).getJob(),
            condition);
  }

  private void run(JobKind kind) {
    long id = begin(kind, JobSettings.getDefaultInstance());
    awaitJob(id, job -> job.getState() == JobState.JOB_STATE_DONE);
  }

  private Verification verification() {
    return replica
        .migrations()
        .get(GetRequest.newBuilder().setName(JobDatabases.MIGRATION).build())
        .getVerification();
  }

  private Verification awaitVerification(Predicate<Verification> condition) {
    return await().atMost(BOUND).until(this::verification, condition);
  }

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  /** A pass that began after this moment. */
  private Verification awaitFresh() {
    Verification before = verification();
    return awaitVerification(now -> instant(now.getAsOf()).isAfter(instant(before.getEndedAt())));
  }

  @Test
  void whatIsKnownOfAMigrationStaysFresh() throws Exception {
    assertThat(verification()).isEqualTo(Verification.getDefaultInstance());
    run(JobKind.JOB_KIND_BACKFILL);
    long id = verifyOn();
    Verification first = awaitVerification(now -> now.getRows() > 0);
    assertThat(first.getRows()).isEqualTo(ROWS);
    assertThat(first.getDrifted()).isZero();
    assertThat(first.getRestless()).isZero();
    assertThat(first.getEpoch()).isEqualTo(1);
    assertThat(first.getFromNew()).isFalse();
    assertThat(first.getAfterBackfill()).isTrue();

    databases.onNew("UPDATE remarks SET text = 'x' WHERE id = 9");
    Verification drifted = awaitVerification(now -> now.getDrifted() > 0);
    assertThat(drifted.getDrifted()).isEqualTo(1);
    assertThat(drifted.getExamplesList()).containsExactly("public.notes 9");
    assertThat(instant(drifted.getAsOf())).isAfter(instant(first.getEndedAt()));

    run(JobKind.JOB_KIND_REPAIR);
    assertThat(verification().getDrifted()).isZero();
    Verification repaired = awaitFresh();
    assertThat(repaired.getDrifted()).isZero();
    assertThat(repaired.getRows()).isEqualTo(ROWS);
    Job job = awaitJob(id, now -> now.getPasses() >= 3);
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(job.getVerification().getDrifted()).isZero();

    replica.jobs().cancelJob(ChangeJobRequest.newBuilder().setId(id).build());
    awaitJob(id, now -> now.getState() == JobState.JOB_STATE_CANCELLED);
  }

  @Test
  void whatIsOnItsWayIsNoDriftAndTooMuchOfItIsWaitedFor() throws Exception {
    run(JobKind.JOB_KIND_BACKFILL);
    databases.onOld("UPDATE notes SET body = body || '!' WHERE id = 5");
    begin(JobKind.JOB_KIND_CONTINUOUS_VERIFY, JobSettings.newBuilder().setMostPending(1).build());
    Verification restless = awaitVerification(now -> now.getRows() > 0);
    assertThat(restless.getRestless()).isEqualTo(1);
    assertThat(restless.getDrifted()).isZero();

    databases.onOld("UPDATE notes SET body = body || '!' WHERE id = 6");
    long id = replica.jobs().listJobs(ListJobsRequest.getDefaultInstance()).getJobs(0).getId();
    awaitJob(id, job -> job.getWaits().equals("waits for the mirror: 2 changes are on their way"));
    databases.onNew("UPDATE remarks SET text = text || '!' WHERE id IN (5, 6)");
    databases.carryPending();
    Verification after = awaitVerification(now -> now.getRestless() == 0);
    assertThat(after.getRows()).isEqualTo(ROWS);
    assertThat(after.getDrifted()).isZero();
  }

  @Test
  void itFollowsTheAuthorityToNewAndBack() throws Exception {
    run(JobKind.JOB_KIND_BACKFILL);
    long id = verifyOn();
    awaitVerification(now -> now.getRows() > 0);
    databases.flip();
    Verification moved = awaitVerification(Verification::getFromNew);
    assertThat(moved.getEpoch()).isEqualTo(2);
    assertThat(moved.getRows()).isEqualTo(ROWS);
    assertThat(moved.getDrifted()).isZero();
    databases.onOld("SET crossfade.applying = on; UPDATE notes SET body = 'x' WHERE id = 7");
    Verification drifted = awaitVerification(now -> now.getDrifted() > 0);
    assertThat(drifted.getExamplesList()).containsExactly("public.notes 7");
    run(JobKind.JOB_KIND_REPAIR);
    assertThat(databases.count(databases.old(), "SELECT count(*) FROM notes WHERE body = 'x'"))
        .isZero();
    databases.flipBack();
    Verification back = awaitVerification(now -> now.getEpoch() == 3);
    assertThat(back.getFromNew()).isFalse();
    assertThat(back.getDrifted()).isZero();
    assertThat(awaitJob(id, job -> true).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
  }

  @Test
  void aPassThatMeetsTheFenceBeginsAnewTheOtherWayRound() throws Exception {
    run(JobKind.JOB_KIND_BACKFILL);
    databases.onNew("UPDATE remarks SET text = 'x' WHERE id = " + (ROWS - 10));
    long id =
        begin(
            JobKind.JOB_KIND_CONTINUOUS_VERIFY,
            JobSettings.newBuilder().setChunk(100).setRowsPerSecond(500).build());
    Job under = awaitJob(id, job -> job.getProgress().getDone() > 100);
    assertThat(under.getProgress().getDone()).isLessThan(ROWS / 2);
    databases.flip();
    Verification moved = awaitVerification(now -> now.getRows() > 0);
    assertThat(moved.getFromNew()).isTrue();
    assertThat(moved.getEpoch()).isEqualTo(2);
    assertThat(moved.getDrifted()).isEqualTo(1);
    assertThat(awaitJob(id, job -> true).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
  }

  @Test
  void aFlipThatIsHalfDoneIsWaitedFor() throws Exception {
    run(JobKind.JOB_KIND_BACKFILL);
    databases.onOld("UPDATE crossfade.fence SET authority = 'NEW', epoch = 2");
    long id = verifyOn();
    awaitJob(id, job -> job.getWaits().contains("do not agree who has the authority"));
    databases.onOld("UPDATE crossfade.fence SET authority = 'OLD', epoch = 1");
    assertThat(awaitVerification(now -> now.getRows() > 0).getFromNew()).isFalse();
  }

  @Test
  void inOffItWaitsAndInCompleteItEnds() throws Exception {
    run(JobKind.JOB_KIND_BACKFILL);
    long id = verifyOn();
    awaitVerification(now -> now.getRows() > 0);
    replica.stage(JobDatabases.MIGRATION, Stage.STAGE_OFF);
    awaitJob(id, job -> job.getWaits().contains("in OFF, where changes are not carried"));
    assertThatThrownBy(() -> begin(JobKind.JOB_KIND_REPAIR, JobSettings.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("move it to DUAL_WRITE first");
    replica.stage(JobDatabases.MIGRATION, Stage.STAGE_DUAL_WRITE);
    awaitFresh();
    TestDatabases.execute(
        login.jdbcUrl(), "UPDATE crossfade_control.migration SET stage = 'COMPLETE'");
    awaitJob(id, job -> job.getState() == JobState.JOB_STATE_DONE);
  }

  @Test
  void whatABackfillHasNotCarriedYetIsNotCalledDrift() throws Exception {
    databases.leavePending();
    begin(
        JobKind.JOB_KIND_BACKFILL,
        JobSettings.newBuilder().setChunk(100).setMostPending(0).build());
    awaitNew(100);
    long id = verifyOn();
    awaitJob(id, job -> job.getWaits().contains("a backfill has not come to its end"));
    databases.carryPending();
    Verification verification = awaitVerification(now -> now.getRows() > 0);
    assertThat(verification.getRows()).isEqualTo(ROWS);
    assertThat(verification.getDrifted()).isZero();
    assertThat(verification.getAfterBackfill()).isTrue();
  }

  private void awaitNew(long rows) {
    await().atMost(BOUND).until(() -> databases.remarks() >= rows);
  }

  @Test
  void withoutCaptureItSaysSoAndFails() throws Exception {
    databases.onOld("DROP SCHEMA crossfade CASCADE");
    long id = verifyOn();
    Job failed = awaitJob(id, job -> job.getState() == JobState.JOB_STATE_FAILED);
    assertThat(failed.getError())
        .startsWith("old logs no changes: run 'crossfade ctl mirror install'");
  }
}
