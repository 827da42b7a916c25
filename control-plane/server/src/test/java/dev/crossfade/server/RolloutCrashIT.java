package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.StartRolloutRequest;
import dev.crossfade.api.v1.VerifyAuditRequest;
import dev.crossfade.engine.rollout.Decision;
import dev.crossfade.server.rollout.RolloutSteps;
import dev.crossfade.server.store.Database;
import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The control plane dies before and after each decision of a rollout, and another one goes on:
 * nothing is done twice, nothing is left out.
 */
class RolloutCrashIT {
  private static final String NAME = "notes";
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int DEATHS_MIN = 20;
  private static final String PLAN =
      """

        rollout:
          guards: {errors: {max: 1%}}
          steps:
            - {stage: DUAL_WRITE}
            - {stage: SHADOW}
            - {stage: RAMP, reads: 1%}
            - {stage: RAMP, reads: 5%}
      """;

  private static final List<String> CHANGES =
      List.of(
          "CREATED OFF 0",
          "STAGE DUAL_WRITE 0",
          "STAGE SHADOW 0",
          "READS SHADOW 1000",
          "STAGE RAMP 1000",
          "READS RAMP 5000",
          "ROLLBACK SHADOW 0");
  private static final List<String> RECORDS =
      List.of(
          "audit.begun",
          "catalog.created",
          "rollout.start",
          "catalog.stage",
          "rollout.enter",
          "rollout.held",
          "rollout.advance",
          "catalog.stage",
          "rollout.enter",
          "rollout.held",
          "rollout.advance",
          "catalog.reads",
          "catalog.stage",
          "rollout.enter",
          "rollout.held",
          "rollout.advance",
          "catalog.reads",
          "rollout.enter",
          "rollout.held",
          "rollout.fail-judging",
          "catalog.rollback",
          "rollout.went-back");

  /** Whoever works on rollouts is gone. */
  private static final class Killed extends Error {
    @Serial private static final long serialVersionUID = 1;
  }

  /** Lets one thing after the other happen, and dies at one of them. */
  private static final class Death implements RolloutSteps {
    private final int last;
    private final AtomicInteger happened = new AtomicInteger();
    private final CountDownLatch dead = new CountDownLatch(1);

    Death(int last) {
      this.last = last;
    }

    @Override
    public void decided(Decision decision) {
      happens(decision);
    }

    @Override
    public void done(Decision decision) {
      happens(decision);
    }

    private void happens(Decision decision) {
      boolean counts = !(decision instanceof Decision.Stay);
      if (counts && happened.getAndIncrement() == last) {
        dead.countDown();
        throw new Killed();
      }
    }
  }

  private static Replica start(Database.Login login, RolloutSteps steps, TestSignals signals)
      throws StartException {
    return Replica.start(login, null, new Watching(step -> {}, steps, signals));
  }

  private static dev.crossfade.api.v1.Rollout rollout(Replica replica) {
    return replica
        .rollouts()
        .getRollout(GetRolloutRequest.newBuilder().setMigration(NAME).build())
        .getRollout();
  }

  /** The fleet answers well in the first share and badly in the second. */
  private static void feed(Replica replica, TestSignals signals) {
    dev.crossfade.api.v1.Rollout now = rollout(replica);
    if (now.getState() == RolloutState.ROLLOUT_STATE_JUDGING) {
      if (now.getStep() == 2) {
        signals.count(NAME, 1_000, 0, 0);
      } else if (now.getStep() == 3) {
        signals.count(NAME, 100, 90, 0);
      }
    }
  }

  @Test
  void whoeverDiesAtAnyMomentIsSucceeded() throws Exception {
    int deaths = 0;
    while (diesAt(deaths)) {
      deaths++;
    }
    assertThat(deaths).isGreaterThan(DEATHS_MIN);
  }

  /** False when the rollout was over before. */
  private static boolean diesAt(int last) throws Exception {
    Database.Login login = TestDatabases.create();
    TestSignals signals = new TestSignals();
    Death death = new Death(last);
    boolean died;
    try (Replica mortal = start(login, death, signals)) {
      mortal
          .migrations()
          .apply(
              ApplyRequest.newBuilder()
                  .setYaml(MigrationFiles.named(NAME).stripTrailing() + PLAN)
                  .build());
      mortal.rollouts().startRollout(StartRolloutRequest.newBuilder().setMigration(NAME).build());
      Awaitility.await()
          .atMost(BOUND)
          .dontCatchUncaughtExceptions()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                feed(mortal, signals);
                return death.dead.getCount() == 0 || rollout(mortal).hasEndedAt();
              });
      died = death.dead.await(0, TimeUnit.SECONDS);
    }
    TestDatabases.execute(
        login.jdbcUrl(), "UPDATE crossfade_control.rollout_lead SET lease_until = '-infinity'");
    try (Replica second = start(login, RolloutSteps.SILENT, signals)) {
      Awaitility.await()
          .atMost(BOUND)
          .dontCatchUncaughtExceptions()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                feed(second, signals);
                return rollout(second).hasEndedAt();
              });
      assertWhole(second, last);
    }
    return died;
  }

  private static void assertWhole(Replica replica, int last) {
    assertThat(rollout(replica).getState()).isEqualTo(RolloutState.ROLLOUT_STATE_ROLLED_BACK);
    List<Change> history =
        replica
            .migrations()
            .get(GetRequest.newBuilder().setName(NAME).setHistoryLimit(50).build())
            .getHistoryList()
            .reversed();
    assertThat(history.stream().map(RolloutCrashIT::shown))
        .as("death " + last)
        .containsExactlyElementsOf(CHANGES);
    AuditServiceGrpc.AuditServiceBlockingStub audit =
        AuditServiceGrpc.newBlockingStub(replica.channel());
    assertThat(
            audit
                .listAudit(ListAuditRequest.newBuilder().setLimit(100).build())
                .getRecordsList()
                .reversed())
        .as("death " + last)
        .extracting(AuditRecord::getAction)
        .containsExactlyElementsOf(RECORDS);
    assertThat(audit.verifyAudit(VerifyAuditRequest.getDefaultInstance()).hasFlaw()).isFalse();
  }

  private static String shown(Change change) {
    return change.getKind().name().replace("CHANGE_KIND_", "")
        + " "
        + change.getTo().getStage().name().replace("STAGE_", "")
        + " "
        + change.getTo().getReadBuckets();
  }
}
