package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeJobRequest;
import dev.crossfade.api.v1.Ddl;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.StartJobRequest;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of statements that a control plane runs on real databases. */
class ApplyJobIT {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String INDEX =
      "CREATE UNIQUE INDEX CONCURRENTLY remarks_text ON public.remarks (text)";

  private JobDatabases databases;
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    databases = JobDatabases.create(10);
    databases.onNew("INSERT INTO remarks SELECT i, 'note ' || i FROM generate_series(1, 10) AS i");
    replica = Replica.start(TestDatabases.create(), databases.databasesFile());
    replica
        .migrations()
        .apply(ApplyRequest.newBuilder().setYaml(JobDatabases.YAML).setSource("notes").build());
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private long apply(String text) {
    return apply(text, false, false);
  }

  private long apply(String text, boolean onOld, boolean again) {
    return replica
        .jobs()
        .startJob(
            StartJobRequest.newBuilder()
                .setMigration(JobDatabases.MIGRATION)
                .setKind(JobKind.JOB_KIND_APPLY)
                .setSettings(JobSettings.newBuilder().setAgain(again))
                .setDdl(Ddl.newBuilder().setText(text).setSource("expand.sql").setOnOld(onOld))
                .build())
        .getJob()
        .getId();
  }

  private Job awaitJob(long id, Predicate<Job> condition) {
    return await()
        .atMost(BOUND)
        .until(
            () -> replica.jobs().getJob(GetJobRequest.newBuilder().setId(id).build()).getJob(),
            condition);
  }

  private Job awaitState(long id, JobState state) {
    return awaitJob(id, job -> job.getState() == state);
  }

  private long onNewCount(String sql) throws Exception {
    return databases.count(databases.next(), sql);
  }

  private long validIndexes() throws Exception {
    return onNewCount(
        "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid ="
            + " to_regclass('remarks_text')");
  }

  @Test
  void eachStatementIsRunOnce() throws Exception {
    String file =
        """
        CREATE TABLE extra (id int);
        INSERT INTO extra VALUES (1);
        %s;
        INSERT INTO extra VALUES (1);
        """
            .formatted(INDEX);
    Job done = awaitState(apply(file), JobState.JOB_STATE_DONE);
    assertThat(done.getProgress().getDone()).isEqualTo(4);
    assertThat(done.getProgress().getTotal()).isEqualTo(4);
    assertThat(done.getDdl().getSource()).isEqualTo("expand.sql");
    assertThat(validIndexes()).isEqualTo(1);
    assertThat(onNewCount("SELECT count(*) FROM extra")).isEqualTo(2);

    awaitState(apply(file + "INSERT INTO extra VALUES (3)"), JobState.JOB_STATE_DONE);
    assertThat(onNewCount("SELECT count(*) FROM extra")).isEqualTo(3);
    awaitState(apply("CREATE TABLE extra (id int)", true, false), JobState.JOB_STATE_DONE);
    assertThat(databases.count(databases.old(), "SELECT count(*) FROM extra")).isZero();
    Job again = awaitState(apply(file, false, true), JobState.JOB_STATE_FAILED);
    assertThat(again.getError()).contains("relation \"extra\" already exists (42P07)");
  }

  @Test
  void oneThatFailsStopsItWithItsPlaceAndAnotherFileGoesOn() throws Exception {
    long id =
        apply("CREATE TABLE extra (id int);\nALTER TABLE extra\n  ADD wrong nonsense;\nSELECT 1");
    Job failed = awaitState(id, JobState.JOB_STATE_FAILED);
    assertThat(failed.getError())
        .isEqualTo("expand.sql:3: statement 2 of 3: type \"nonsense\" does not exist (42704)");
    assertThat(failed.getProgress().getDone()).isEqualTo(1);
    Job done =
        awaitState(
            apply("CREATE TABLE extra (id int);\nALTER TABLE extra ADD wrong int;\nSELECT 1"),
            JobState.JOB_STATE_DONE);
    assertThat(done.getProgress().getDone()).isEqualTo(3);
    assertThatThrownBy(() -> apply("BEGIN; SELECT 1"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("expand.sql:1:1: each statement is a transaction of its own");
  }

  @Test
  void aTableThatIsInUseIsWaitedForAndNobodyWaitsBehindIt() throws Exception {
    try (Connection reader = JobDatabases.connect(databases.next());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT * FROM remarks");
      long id = apply("ALTER TABLE remarks ADD more text");
      Job waiting = awaitJob(id, job -> !job.getWaits().isEmpty() && job.getStateValue() == 2);
      assertThat(waiting.getWaits()).startsWith("waits for the lock of a table");
      databases.onNew("SET statement_timeout = '2s'; SELECT count(*) FROM remarks");
      reader.rollback();
      awaitState(id, JobState.JOB_STATE_DONE);
    }
    assertThat(onNewCount("SELECT count(more) FROM remarks")).isZero();
  }

  @Test
  void anIndexThatCameToNothingIsMadeAgain() throws Exception {
    databases.onNew("UPDATE remarks SET text = 'note 1' WHERE id = 2");
    long id = apply(INDEX);
    Job failed = awaitState(id, JobState.JOB_STATE_FAILED);
    assertThat(failed.getError()).startsWith("expand.sql:1: statement 1 of 1: could not create");
    assertThat(failed.getError()).doesNotContain("note 1");
    assertThat(onNewCount("SELECT count(*) FROM pg_index WHERE NOT indisvalid")).isEqualTo(1);
    databases.onNew("UPDATE remarks SET text = 'note 2' WHERE id = 2");
    replica.jobs().resumeJob(ChangeJobRequest.newBuilder().setId(id).build());
    awaitState(id, JobState.JOB_STATE_DONE);
    assertThat(validIndexes()).isEqualTo(1);
    assertThat(onNewCount("SELECT count(*) FROM pg_index WHERE NOT indisvalid")).isZero();
  }

  @Test
  void aBackendThatDiesWhileItMakesAnIndexLeavesNothingBehind() throws Exception {
    try (Connection writer = JobDatabases.connect(databases.next());
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("SET LOCAL crossfade.applying = on");
      statement.execute("UPDATE remarks SET text = 'later' WHERE id = 3");
      long id = apply(INDEX);
      awaitMaking();
      databases.onNew(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'crossfade-apply' AND datname = current_database()");
      awaitJob(id, job -> job.getWaits().startsWith("tries again in"));
      writer.commit();
      awaitState(id, JobState.JOB_STATE_DONE);
    }
    assertThat(validIndexes()).isEqualTo(1);
    assertThat(onNewCount("SELECT count(*) FROM pg_index WHERE NOT indisvalid")).isZero();
  }

  private void awaitMaking() {
    await()
        .atMost(BOUND)
        .until(
            () ->
                onNewCount(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                        + " 'crossfade-apply' AND query LIKE 'CREATE UNIQUE INDEX%' AND"
                        + " wait_event_type = 'Lock' AND datname = current_database()"),
            waiting -> waiting == 1);
  }
}
