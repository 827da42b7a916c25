package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import com.sun.net.httpserver.HttpServer;
import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.ChangeRolloutRequest;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.GuardOutcome;
import dev.crossfade.api.v1.GuardSample;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.RecordEvidenceRequest;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.StartRolloutRequest;
import dev.crossfade.api.v1.VerifyAuditRequest;
import dev.crossfade.api.v1.WatchRolloutRequest;
import dev.crossfade.server.rollout.RolloutSteps;
import dev.crossfade.server.store.Database;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rollouts of a real control plane, with signals that the test makes. */
class RolloutIT {
  private static final String NAME = "notes";
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String RAMP =
      """
      guards:
        errors: {max: 1%}
        mismatches: {max: 1%}
        deadLetters: {max: 0}
      steps:
        - {stage: SHADOW, guards: {mismatches: {max: 1%, dryRun: true}}}
        - {stage: RAMP, reads: 1%}
        - {stage: RAMP, reads: 50%}
        - {stage: RAMP, reads: 100%, hold: 1h}
      """;

  private final TestSignals signals = new TestSignals();

  @SuppressWarnings("NullAway.Init")
  private Database.Login login;

  @SuppressWarnings("NullAway.Init")
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    login = TestDatabases.create();
    replica = replica();
  }

  private Replica replica() throws StartException {
    return Replica.start(login, null, new Watching(step -> {}, RolloutSteps.SILENT, signals));
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private void begin(String rollout) {
    replica
        .migrations()
        .apply(
            ApplyRequest.newBuilder()
                .setYaml(
                    MigrationFiles.named(NAME).stripTrailing()
                        + "\n  rollout:\n"
                        + rollout.indent(4))
                .build());
    replica
        .rollouts()
        .startRollout(
            StartRolloutRequest.newBuilder()
                .setMigration(NAME)
                .setNote(ChangeNote.newBuilder().setActor("ada"))
                .build());
  }

  private GetRolloutResponse get() {
    return replica
        .rollouts()
        .getRollout(GetRolloutRequest.newBuilder().setMigration(NAME).setSamples(100).build());
  }

  private GetRolloutResponse await(Predicate<GetRolloutResponse> condition) {
    return patiently().until(this::get, condition);
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(BOUND).pollInterval(Duration.ofMillis(20));
  }

  private GetRolloutResponse awaitState(int step, RolloutState state) {
    return await(now -> now.getRollout().getStep() == step && now.getRollout().getState() == state);
  }

  private Migration migration() {
    return replica.migrations().get(GetRequest.newBuilder().setName(NAME).build()).getMigration();
  }

  private List<Change> history() {
    return replica
        .migrations()
        .get(GetRequest.newBuilder().setName(NAME).setHistoryLimit(50).build())
        .getHistoryList();
  }

  private static ChangeRolloutRequest change() {
    return ChangeRolloutRequest.newBuilder()
        .setMigration(NAME)
        .setNote(ChangeNote.newBuilder().setActor("eve").setReason("lunch"))
        .build();
  }

  private void toHalf() {
    begin(RAMP);
    awaitState(1, RolloutState.ROLLOUT_STATE_JUDGING);
    signals.count(NAME, 2_000, 0, 0);
    awaitState(2, RolloutState.ROLLOUT_STATE_JUDGING);
  }

  @Test
  void guardsLetItGoOnStepByStep() {
    toHalf();
    assertThat(migration().getStage()).isEqualTo(Stage.STAGE_RAMP);
    assertThat(migration().getReadBuckets()).isEqualTo(50_000);
    signals.count(NAME, 2_000, 1, 0);
    GetRolloutResponse last = awaitState(3, RolloutState.ROLLOUT_STATE_HOLDING);
    assertThat(migration().getReadBuckets()).isEqualTo(100_000);
    assertThat(last.getRollout().getStartedBy()).isEqualTo("ada");
    assertThat(last.getPlanList()).hasSize(4);
    assertThat(history().stream().map(Change::getActor).distinct())
        .containsExactly("rollout", "unknown");
    assertThat(history().getFirst().getReason()).startsWith("step 'RAMP 100%' of rollout ");
    await(now -> now.getRollout().getWaits().startsWith("it lasts until "));
    GetRolloutResponse said = await(now -> now.getGuardsCount() == 3);
    assertThat(said.getGuardsList())
        .extracting(GuardSample::getGuard)
        .containsExactly("deadLetters", "errors", "mismatches");
    assertThat(said.getSamplesList())
        .anySatisfy(
            sample -> {
              assertThat(sample.getGuard()).isEqualTo("errors");
              assertThat(sample.getOutcome()).isEqualTo(GuardOutcome.GUARD_OUTCOME_PASS);
              assertThat(sample.getSamples()).isEqualTo(2_000);
            })
        .anySatisfy(sample -> assertThat(sample.getDryRun()).isTrue());
  }

  /** The quickest of three counts: others use this machine, too. */
  @Test
  void aBadSignalTakesReadsBackWithinASecond() {
    Duration quickest = BOUND;
    for (int round = 0; round < 3; round++) {
      toHalf();
      long began = System.nanoTime();
      signals.count(NAME, 100, 60, 0);
      patiently()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> migration().getEffectiveReadBuckets() == 0);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;
      GetRolloutResponse after = awaitState(2, RolloutState.ROLLOUT_STATE_ROLLED_BACK);
      assertThat(migration().getStage()).isEqualTo(Stage.STAGE_SHADOW);
      assertThat(after.getRollout().getReason()).startsWith("errors: 60 of 100 (60%): at least ");
      assertThat(after.getRollout().hasEndedAt()).isTrue();
      assertThat(history().getFirst().getReason()).isEqualTo(after.getRollout().getReason());
    }
    assertThat(quickest).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void whatIsChangedByAPersonIsLeftAsItIs() {
    toHalf();
    replica.reads(NAME, 7_000);
    GetRolloutResponse paused = awaitState(2, RolloutState.ROLLOUT_STATE_PAUSED);
    assertThat(paused.getRollout().getReason())
        .startsWith(
            "somebody else has taken over: the migration is in RAMP 7% rather than RAMP 50%")
        .contains("unknown at ");
    signals.count(NAME, 100, 100, 0);
    assertThat(replica.rollouts().pauseRollout(change()).getChanged()).isFalse();
    assertThat(migration().getReadBuckets()).isEqualTo(7_000);
    replica.rollouts().resumeRollout(change());
    awaitState(2, RolloutState.ROLLOUT_STATE_JUDGING);
    assertThat(migration().getReadBuckets()).isEqualTo(50_000);
  }

  @Test
  void aPersonPausesResumesAndEndsIt() {
    toHalf();
    assertThat(replica.rollouts().pauseRollout(change()).getMessage())
        .isEqualTo("the rollout of 'notes' is PAUSED");
    signals.count(NAME, 5_000, 0, 0);
    assertThat(get().getRollout().getReason()).isEqualTo("paused by eve: lunch");
    replica.rollouts().resumeRollout(change());
    awaitState(2, RolloutState.ROLLOUT_STATE_JUDGING);
    assertThatThrownBy(() -> replica.rollouts().confirmStep(change()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("it does not wait for anybody's agreement");
    replica.rollouts().abortRollout(change());
    awaitState(2, RolloutState.ROLLOUT_STATE_ABORTED);
    assertThat(migration().getReadBuckets()).isEqualTo(50_000);
    AuditServiceGrpc.AuditServiceBlockingStub audit =
        AuditServiceGrpc.newBlockingStub(replica.channel());
    assertThat(
            audit.listAudit(ListAuditRequest.newBuilder().setActor("eve").build()).getRecordsList())
        .extracting(record -> record.getAction())
        .containsExactly("rollout.abort-judging", "rollout.resume", "rollout.pause-judging");
    assertThat(audit.verifyAudit(VerifyAuditRequest.getDefaultInstance()).hasFlaw()).isFalse();
  }

  @Test
  void deadLettersPauseItAndWorseStillTakesItBack() {
    toHalf();
    signals.deadLetters(NAME, 2);
    GetRolloutResponse paused = awaitState(2, RolloutState.ROLLOUT_STATE_PAUSED);
    assertThat(paused.getRollout().getReason()).startsWith("deadLetters: 2 changes were given up");
    signals.count(NAME, 100, 60, 0);
    awaitState(2, RolloutState.ROLLOUT_STATE_ROLLED_BACK);
  }

  @Test
  void itOutlivesItsControlPlane() throws Exception {
    toHalf();
    replica.close();
    signals.count(NAME, 1_000, 0, 0);
    replica = replica();
    try (Replica second = replica()) {
      // What came before counts: the beginning of the counting is kept.
      signals.count(NAME, 1_000, 0, 0);
      awaitState(3, RolloutState.ROLLOUT_STATE_HOLDING);
      assertThat(
              second
                  .rollouts()
                  .getRollout(GetRolloutRequest.newBuilder().setMigration(NAME).build())
                  .getRollout()
                  .getStep())
          .isEqualTo(3);
      signals.count(NAME, 100, 90, 0);
      awaitState(3, RolloutState.ROLLOUT_STATE_ROLLED_BACK);
    }
  }

  @Test
  void peopleBenchmarksAndWebhooksAreWaitedFor() throws Exception {
    AtomicBoolean agrees = new AtomicBoolean();
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          told.add(
              exchange.getRequestURI().getPath()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] answer = ("{\"confirm\": " + agrees.get() + "}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      begin(
          """
          steps:
            - {stage: DUAL_WRITE, guards: {benchmark: {name: load, max: 10}}}
            - {stage: SHADOW, confirm: true}
          webhooks:
            - {name: board, kind: confirm, url: "%s/ask"}
            - {name: chat, kind: notify, url: "%s/tell"}
          """
              .formatted(url, url));
      await(now -> now.getRollout().getWaits().contains("no result of 'load' was recorded"));
      replica
          .rollouts()
          .recordEvidence(
              RecordEvidenceRequest.newBuilder()
                  .setMigration(NAME)
                  .setName("load")
                  .setValue(9.5)
                  .build());
      awaitState(0, RolloutState.ROLLOUT_STATE_CONFIRMING);
      await(now -> now.getRollout().getWaits().equals("a person must agree to step 'SHADOW'"));
      replica.rollouts().confirmStep(change());
      await(now -> now.getRollout().getWaits().equals("board must agree to step 'SHADOW'"));
      await(
          now ->
              now.getCallsList().stream()
                  .anyMatch(call -> call.getResult().equals("answered 200 and did not agree")));
      assertThat(migration().getStage()).isEqualTo(Stage.STAGE_DUAL_WRITE);
      agrees.set(true);
      awaitState(1, RolloutState.ROLLOUT_STATE_DONE);
      assertThat(migration().getStage()).isEqualTo(Stage.STAGE_SHADOW);
      patiently()
          .untilAsserted(
              () ->
                  assertThat(told)
                      .anyMatch(call -> call.startsWith("/ask ") && call.contains("\"SHADOW\""))
                      .anyMatch(call -> call.startsWith("/tell ") && call.contains("\"FINISH\"")));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whoWatchesHearsOfIt() {
    begin(RAMP);
    Iterator<GetRolloutResponse> events =
        replica
            .rollouts()
            .watchRollout(WatchRolloutRequest.newBuilder().setMigration(NAME).build());
    assertThat(events.next().getPlanCount()).isEqualTo(4);
    awaitState(1, RolloutState.ROLLOUT_STATE_JUDGING);
    signals.count(NAME, 2_000, 0, 0);
    GetRolloutResponse event = events.next();
    while (event.getRollout().getStep() < 2) {
      event = events.next();
    }
  }

  @Test
  void whatCannotBeBegunIsRefused() {
    replica.apply("plain");
    assertThatThrownBy(
            () ->
                replica
                    .rollouts()
                    .startRollout(StartRolloutRequest.newBuilder().setMigration("plain").build()))
        .hasMessageContaining("has no plan: add spec.rollout");
    assertThatThrownBy(() -> begin("steps: [{stage: RAMP}]"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("spec.rollout.steps[0].reads: missing");
    begin("steps: [{stage: DUAL_WRITE, hold: 1h}]");
    assertThatThrownBy(() -> begin("steps: [{stage: DUAL_WRITE, hold: 1h}]"))
        .hasMessageContaining("is under way");
    assertThatThrownBy(
            () ->
                replica
                    .rollouts()
                    .recordEvidence(
                        RecordEvidenceRequest.newBuilder()
                            .setMigration(NAME)
                            .setName("x")
                            .setAt(
                                Timestamp.newBuilder()
                                    .setSeconds(Instant.now().getEpochSecond() + 3_600))
                            .build()))
        .hasMessageContaining("give a time that has been");
  }
}
