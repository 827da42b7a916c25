package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.Ddl;
import dev.crossfade.api.v1.GetJobRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.JobSettings;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.server.store.Database;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A control plane is killed in the middle of a job, and another one goes on with it. */
class JobTakeoverIT {
  private static final Duration BOUND = Duration.ofSeconds(120);
  private static final int ROWS = 20_000;

  @Test
  void killedInTheMiddleItGoesOnInAnotherOne() throws Exception {
    JobDatabases databases = JobDatabases.create(ROWS);
    Database.Login login = TestDatabases.create();
    Path work = TestDatabases.directory("takeover");
    long id;
    long killedAt;
    String owner;
    try (ChildProcess first = start(work, login, databases)) {
      ManagedChannel channel = channel(first.awaitPort());
      try {
        prepare(channel);
        id =
            begin(
                channel,
                JobKind.JOB_KIND_BACKFILL,
                JobSettings.newBuilder().setChunk(20).setWorkers(4).build());
        Job running = await(channel, id, job -> job.getProgress().getDone() > 1_000);
        assertThat(running.getProgress().getDone()).isLessThan(ROWS);
        owner = running.getOwner();
      } finally {
        channel.shutdownNow();
      }
      first.kill();
      killedAt = databases.remarks();
      assertThat(first.out() + first.err()).doesNotContain(String.valueOf(login.password()));
    }
    assertThat(killedAt).isBetween(1_000L, ROWS - 1_000L);
    // A chunk of each worker, at most, is to be done twice.
    assertThat(
            killedAt - databases.count(databases.old(), "SELECT entities FROM crossfade.backfill"))
        .isBetween(0L, 4 * 20L);
    // What was carried already is not carried again, or this would be put right.
    databases.onNew("UPDATE remarks SET text = 'spoilt' WHERE id = 5");

    try (ChildProcess second = start(work, login, databases)) {
      ManagedChannel channel = channel(second.awaitPort());
      try {
        Job taken = await(channel, id, job -> !job.getOwner().equals(owner));
        assertThat(taken.getProgress().getDone()).isGreaterThan(1_000);
        Job done = await(channel, id, job -> job.getState() == JobState.JOB_STATE_DONE);
        assertThat(done.getProgress().getDone()).isEqualTo(ROWS);
        assertThat(databases.remarks()).isEqualTo(ROWS);

        long repair = begin(channel, JobKind.JOB_KIND_REPAIR, 1_000);
        Job repaired = await(channel, repair, job -> job.getState() == JobState.JOB_STATE_DONE);
        assertThat(repaired.getProgress().getExamplesList()).containsExactly("public.notes 5");
        long verify = begin(channel, JobKind.JOB_KIND_VERIFY, 1_000);
        Job verified = await(channel, verify, job -> job.getState() == JobState.JOB_STATE_DONE);
        assertThat(verified.getProgress().getDone()).isEqualTo(ROWS);
        assertThat(verified.getProgress().getDrifted()).isZero();
        assertThat(verified.getProgress().getRestless()).isZero();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aVerificationThatGoesOnIsKilledAndItsPassComesToItsEnd() throws Exception {
    JobDatabases databases = JobDatabases.create(ROWS);
    databases.onNew(
        "INSERT INTO remarks SELECT i, 'note ' || i FROM generate_series(1, " + ROWS + ") AS i");
    databases.onNew("UPDATE remarks SET text = 'x' WHERE id IN (5, " + ROWS + ")");
    Database.Login login = TestDatabases.create();
    Path work = TestDatabases.directory("takeover");
    long id;
    long killedAt;
    try (ChildProcess first = start(work, login, databases)) {
      ManagedChannel channel = channel(first.awaitPort());
      try {
        prepare(channel);
        id =
            begin(
                channel,
                JobKind.JOB_KIND_CONTINUOUS_VERIFY,
                JobSettings.newBuilder().setChunk(100).setRowsPerSecond(2_000).build());
        Job running = await(channel, id, job -> job.getProgress().getDone() > 1_000);
        assertThat(running.getProgress().getDone()).isLessThan(ROWS);
        assertThat(running.getPasses()).isZero();
      } finally {
        channel.shutdownNow();
      }
      first.kill();
      killedAt = System.currentTimeMillis();
    }
    try (ChildProcess second = start(work, login, databases)) {
      ManagedChannel channel = channel(second.awaitPort());
      try {
        Job done = await(channel, id, job -> job.getPasses() == 1);
        assertThat(done.getVerification().getAsOf().getSeconds() * 1_000).isLessThan(killedAt);
        assertThat(done.getVerification().getEndedAt().getSeconds() * 1_000)
            .isGreaterThan(killedAt);
        assertThat(done.getVerification().getRows()).isEqualTo(ROWS);
        assertThat(done.getVerification().getDrifted()).isEqualTo(2);
        assertThat(done.getVerification().getExamplesList())
            .containsExactly("public.notes 5", "public.notes " + ROWS);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void anApplyIsKilledAndNoStatementIsRunTwice() throws Exception {
    JobDatabases databases = JobDatabases.create(10);
    Database.Login login = TestDatabases.create();
    Path work = TestDatabases.directory("takeover");
    long id;
    try (Connection writer = JobDatabases.connect(databases.next());
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("SET LOCAL crossfade.applying = on");
      statement.execute("INSERT INTO remarks VALUES (1, 'x')");
      try (ChildProcess first = start(work, login, databases)) {
        ManagedChannel channel = channel(first.awaitPort());
        try {
          prepare(channel);
          id =
              JobServiceGrpc.newBlockingStub(channel)
                  .startJob(
                      StartJobRequest.newBuilder()
                          .setMigration(JobDatabases.MIGRATION)
                          .setKind(JobKind.JOB_KIND_APPLY)
                          .setDdl(
                              Ddl.newBuilder()
                                  .setText(
                                      "CREATE TABLE extra AS SELECT 1 AS id; CREATE INDEX"
                                          + " CONCURRENTLY extra_index ON remarks (text); INSERT"
                                          + " INTO extra VALUES (2)"))
                          .build())
                  .getJob()
                  .getId();
          Awaitility.await()
              .atMost(BOUND)
              .until(
                  () ->
                      databases.count(
                          databases.next(), "SELECT count(*) FROM pg_index WHERE NOT indisvalid"),
                  making -> making == 1);
        } finally {
          channel.shutdownNow();
        }
        first.kill();
      }
      try (ChildProcess second = start(work, login, databases)) {
        ManagedChannel channel = channel(second.awaitPort());
        try {
          await(channel, id, job -> job.getWaits().contains("another apply of notes is at work"));
          writer.commit();
          Job done = await(channel, id, job -> job.getState() == JobState.JOB_STATE_DONE);
          assertThat(done.getProgress().getDone()).isEqualTo(3);
        } finally {
          channel.shutdownNow();
        }
      }
    }
    assertThat(databases.count(databases.next(), "SELECT count(*) FROM extra")).isEqualTo(2);
    assertThat(
            databases.count(
                databases.next(),
                "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid ="
                    + " to_regclass('extra_index')"))
        .isEqualTo(1);
  }

  private static ChildProcess start(Path work, Database.Login login, JobDatabases databases)
      throws Exception {
    return ChildProcess.start(
        work,
        Map.of("CROSSFADE_DB_PASSWORD", String.valueOf(login.password())),
        "--listen=127.0.0.1:0",
        "--jdbc-url=" + login.jdbcUrl(),
        "--db-user=" + login.user(),
        "--databases=" + databases.file());
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  private static void prepare(ManagedChannel channel) {
    MigrationServiceGrpc.MigrationServiceBlockingStub migrations =
        MigrationServiceGrpc.newBlockingStub(channel);
    migrations.apply(ApplyRequest.newBuilder().setYaml(JobDatabases.YAML).build());
    migrations.setStage(
        SetStageRequest.newBuilder()
            .setName(JobDatabases.MIGRATION)
            .setStage(Stage.STAGE_DUAL_WRITE)
            .build());
  }

  private static long begin(ManagedChannel channel, JobKind kind, int chunk) {
    return begin(channel, kind, JobSettings.newBuilder().setChunk(chunk).build());
  }

  private static long begin(ManagedChannel channel, JobKind kind, JobSettings settings) {
    return JobServiceGrpc.newBlockingStub(channel)
        .startJob(
            StartJobRequest.newBuilder()
                .setMigration(JobDatabases.MIGRATION)
                .setKind(kind)
                .setSettings(settings)
                .build())
        .getJob()
        .getId();
  }

  private static Job await(ManagedChannel channel, long id, Predicate<Job> condition) {
    return Awaitility.await()
        .atMost(BOUND)
        .until(
            () ->
                JobServiceGrpc.newBlockingStub(channel)
                    .getJob(GetJobRequest.newBuilder().setId(id).build())
                    .getJob(),
            condition);
  }
}
