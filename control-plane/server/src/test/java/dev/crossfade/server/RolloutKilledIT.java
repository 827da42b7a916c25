package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.Rollout;
import dev.crossfade.api.v1.RolloutServiceGrpc;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.StartRolloutRequest;
import dev.crossfade.api.v1.VerifyAuditRequest;
import dev.crossfade.server.store.Database;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A control plane's process is killed again and again on the way to LIVE: in the middle of a
 * backfill, while a step lasts, and while the authority moves. The next one goes on each time.
 */
class RolloutKilledIT {
  private static final String NAME = JobDatabases.MIGRATION;
  private static final Duration BOUND = Duration.ofSeconds(120);
  private static final int ROWS = 5_000;
  private static final int RECORDS = 200;
  private static final String PLAN =
      """

        rollout:
          steps:
            - {stage: DUAL_WRITE, job: backfill}
            - {stage: SHADOW, job: verify}
            - {name: lens, stage: SHADOW, job: lens-check}
            - {stage: RAMP, reads: 50%, hold: 3s}
            - {stage: LIVE, hold: 1s}
      """;

  /** When it is killed, one moment after the other. */
  private static final List<Predicate<Rollout>> MOMENTS =
      List.of(
          now -> now.getState() == RolloutState.ROLLOUT_STATE_WORKING,
          now -> now.getStep() == 3 && now.getState() == RolloutState.ROLLOUT_STATE_HOLDING,
          now -> now.getStep() == 4);

  private final Path work;
  private final Database.Login login;
  private final JobDatabases databases;

  RolloutKilledIT() throws Exception {
    work = TestDatabases.directory("killed");
    login = TestDatabases.create();
    databases = JobDatabases.create(ROWS);
  }

  @Test
  void killedThreeTimesItComesToTheEndAndDoesNothingTwice() throws Exception {
    boolean begun = false;
    for (Predicate<Rollout> moment : MOMENTS) {
      try (ChildProcess process = start()) {
        ManagedChannel channel = channel(process.awaitPort());
        try {
          if (!begun) {
            begin(channel);
            begun = true;
          }
          assertThat(await(channel, moment).hasEndedAt()).isFalse();
        } finally {
          channel.shutdownNow();
        }
        process.kill();
      }
    }
    try (ChildProcess process = start()) {
      ManagedChannel channel = channel(process.awaitPort());
      try {
        Rollout end = await(channel, Rollout::hasEndedAt);
        assertThat(end.getState()).as(end.getReason()).isEqualTo(RolloutState.ROLLOUT_STATE_DONE);
        assertNothingWasDoneTwice(channel);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private ChildProcess start() throws Exception {
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

  private void begin(ManagedChannel channel) {
    MigrationServiceGrpc.newBlockingStub(channel)
        .apply(ApplyRequest.newBuilder().setYaml(databases.yaml().stripTrailing() + PLAN).build());
    RolloutServiceGrpc.newBlockingStub(channel)
        .startRollout(StartRolloutRequest.newBuilder().setMigration(NAME).build());
  }

  /** A moment, or the end, which may not come before it. */
  private static Rollout await(ManagedChannel channel, Predicate<Rollout> moment) {
    return Awaitility.await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                RolloutServiceGrpc.newBlockingStub(channel)
                    .getRollout(GetRolloutRequest.newBuilder().setMigration(NAME).build())
                    .getRollout(),
            now ->
                moment.test(now)
                    || now.hasEndedAt()
                    || now.getState() == RolloutState.ROLLOUT_STATE_PAUSED);
  }

  private void assertNothingWasDoneTwice(ManagedChannel channel) throws Exception {
    assertThat(
            MigrationServiceGrpc.newBlockingStub(channel)
                .get(GetRequest.newBuilder().setName(NAME).setHistoryLimit(50).build())
                .getHistoryList()
                .reversed()
                .stream()
                .map(RolloutKilledIT::shown))
        .containsExactly(
            "CREATED OFF",
            "STAGE DUAL_WRITE",
            "STAGE SHADOW",
            "READS SHADOW",
            "STAGE RAMP",
            "MOVE_BEGUN LIVE",
            "STAGE LIVE");
    assertThat(
            JobServiceGrpc.newBlockingStub(channel)
                .listJobs(ListJobsRequest.newBuilder().setMigration(NAME).build())
                .getJobsList())
        .extracting(Job::getKind)
        .filteredOn(kind -> kind != JobKind.JOB_KIND_ROLLBACK_LOSS)
        .containsExactlyInAnyOrder(
            JobKind.JOB_KIND_BACKFILL, JobKind.JOB_KIND_VERIFY, JobKind.JOB_KIND_LENS_CHECK);
    assertThat(databases.remarks()).isEqualTo(ROWS);
    assertThat(
            databases.count(
                databases.old(), "SELECT epoch FROM crossfade.fence WHERE authority = 'NEW'"))
        .isEqualTo(2);
    AuditServiceGrpc.AuditServiceBlockingStub audit = AuditServiceGrpc.newBlockingStub(channel);
    assertThat(
            audit
                .listAudit(ListAuditRequest.newBuilder().setLimit(RECORDS).build())
                .getRecordsList())
        .extracting(AuditRecord::getAction)
        .filteredOn(action -> action.startsWith("rollout."))
        .doesNotContain("rollout.resume")
        .filteredOn(action -> action.equals("rollout.advance"))
        .hasSize(4);
    assertThat(audit.verifyAudit(VerifyAuditRequest.getDefaultInstance()).hasFlaw()).isFalse();
  }

  private static String shown(Change change) {
    return change.getKind().name().replace("CHANGE_KIND_", "")
        + " "
        + change.getTo().getStage().name().replace("STAGE_", "");
  }
}
