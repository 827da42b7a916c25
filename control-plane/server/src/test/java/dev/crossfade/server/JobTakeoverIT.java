package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.ApplyRequest;
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
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A control plane is killed in the middle of a backfill, and another one goes on with it. */
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
        id = begin(channel, JobKind.JOB_KIND_BACKFILL, 20);
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
    return JobServiceGrpc.newBlockingStub(channel)
        .startJob(
            StartJobRequest.newBuilder()
                .setMigration(JobDatabases.MIGRATION)
                .setKind(kind)
                .setSettings(JobSettings.newBuilder().setChunk(chunk))
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
