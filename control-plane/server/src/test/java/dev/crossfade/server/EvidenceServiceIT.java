package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.BenchmarkVerdict.Outcome;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.Evidence;
import dev.crossfade.api.v1.EvidenceServiceGrpc;
import dev.crossfade.api.v1.EvidenceServiceGrpc.EvidenceServiceBlockingStub;
import dev.crossfade.api.v1.GetEvidenceRequest;
import dev.crossfade.api.v1.GetEvidenceResponse;
import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.ListEvidenceRequest;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.StartRolloutRequest;
import dev.crossfade.api.v1.SubmitEvidenceRequest;
import dev.crossfade.api.v1.VerdictReason;
import dev.crossfade.engine.catalog.MigrationText;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Verdicts of benchmarks, given to a real control plane, and what its rollouts make of them. */
class EvidenceServiceIT {
  private static final String NAME = "notes";
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String FILE =
      MigrationFiles.named(NAME).stripTrailing()
          + """


            rollout:
              steps:
                - {stage: DUAL_WRITE, guards: {benchmark: {verdict: go, within: 1h}}}
                - {stage: SHADOW}
          """;

  @SuppressWarnings("NullAway.Init")
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    replica = Replica.start(TestDatabases.create());
    apply(FILE);
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  private void apply(String yaml) {
    replica.migrations().apply(ApplyRequest.newBuilder().setYaml(yaml).build());
  }

  private EvidenceServiceBlockingStub service() {
    return EvidenceServiceGrpc.newBlockingStub(replica.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static BenchmarkVerdict.Builder verdict(Outcome outcome, String file) {
    BenchmarkVerdict.Builder verdict =
        BenchmarkVerdict.newBuilder()
            .setFormat(1)
            .setMigration(NAME)
            .setFileHash(new MigrationText(file, "").hash())
            .setOutcome(outcome)
            .setMeasuredAt(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()));
    if (outcome == Outcome.NO_GO) {
      verdict.addReasons(
          VerdictReason.newBuilder()
              .setKind(VerdictReason.Kind.PLAN_WORSE)
              .setMessage("new reads all of contacts"));
    }
    return verdict;
  }

  private Evidence submit(BenchmarkVerdict.Builder verdict) {
    return service()
        .submitEvidence(
            SubmitEvidenceRequest.newBuilder()
                .setVerdict(verdict)
                .setNote(ChangeNote.newBuilder().setActor("ada").setReason("before the rollout"))
                .build())
        .getEvidence();
  }

  private List<Evidence> list() {
    return service()
        .listEvidence(ListEvidenceRequest.newBuilder().setMigration(NAME).build())
        .getEvidenceList();
  }

  private GetRolloutResponse await(Predicate<GetRolloutResponse> condition) {
    return Awaitility.await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                replica
                    .rollouts()
                    .getRollout(GetRolloutRequest.newBuilder().setMigration(NAME).build()),
            condition);
  }

  @Test
  void aVerdictIsKeptWithItsNumbersAndItsRecord() {
    assertThat(list()).isEmpty();
    Evidence first = submit(verdict(Outcome.NO_GO, FILE).addRemarks("it was late"));
    Evidence second = submit(verdict(Outcome.GO, FILE));
    assertThat(first.getActor()).isEqualTo("ada");
    assertThat(first.getReason()).isEqualTo("new reads all of contacts");
    assertThat(list()).containsExactly(second, first);
    GetEvidenceResponse whole =
        service().getEvidence(GetEvidenceRequest.newBuilder().setId(first.getId()).build());
    assertThat(whole.getEvidence()).isEqualTo(first);
    assertThat(whole.getVerdict().getRemarksList()).containsExactly("it was late");
    assertThat(
            AuditServiceGrpc.newBlockingStub(replica.channel())
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .listAudit(ListAuditRequest.newBuilder().setActor("ada").build())
                .getRecordsList())
        .extracting(record -> record.getAction() + " " + record.getAfter().split(",")[0])
        .containsExactly("rollout.verdict go", "rollout.verdict no go: new reads all of contacts");
  }

  @Test
  void aRolloutWaitsForAGoAndStopsAtANoGo() {
    replica.rollouts().startRollout(StartRolloutRequest.newBuilder().setMigration(NAME).build());
    await(now -> now.getRollout().getWaits().contains("no verdict of 'bench rollout'"));
    submit(verdict(Outcome.NO_GO, FILE));
    GetRolloutResponse paused =
        await(now -> now.getRollout().getState() == RolloutState.ROLLOUT_STATE_PAUSED);
    assertThat(paused.getRollout().getReason()).contains("says no go: new reads all of contacts");
    submit(verdict(Outcome.GO, FILE));
    replica
        .rollouts()
        .resumeRollout(
            dev.crossfade.api.v1.ChangeRolloutRequest.newBuilder().setMigration(NAME).build());
    await(now -> now.getRollout().getState() == RolloutState.ROLLOUT_STATE_DONE);
  }

  @Test
  void anOldVerdictAndOneOfAnotherFileAreNotEnough() {
    BenchmarkVerdict.Builder old = verdict(Outcome.GO, FILE);
    old.getMeasuredAtBuilder().setSeconds(Instant.now().getEpochSecond() - 3_700);
    submit(old);
    assertThatThrownBy(() -> submit(verdict(Outcome.GO, FILE + "\n# changed")))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("of another version of the file");
    assertThat(list()).extracting(Evidence::getCurrent).containsExactly(true);
    apply(FILE + "\n# changed");
    assertThat(list()).extracting(Evidence::getCurrent).containsExactly(false);
    apply(FILE);
    replica.rollouts().startRollout(StartRolloutRequest.newBuilder().setMigration(NAME).build());
    await(now -> now.getRollout().getWaits().contains("the verdict is of "));
  }

  @Test
  void whatIsNoVerdictIsRefusedWithOneSentence() {
    refused(Status.Code.INVALID_ARGUMENT, "format is 0", BenchmarkVerdict.newBuilder());
    refused(
        Status.Code.INVALID_ARGUMENT,
        "GO and has reasons",
        verdict(Outcome.NO_GO, FILE).setOutcome(Outcome.GO));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "without a reason",
        verdict(Outcome.NO_GO, FILE).clearReasons());
    refused(
        Status.Code.INVALID_ARGUMENT,
        "no SHA-256",
        verdict(Outcome.GO, FILE).setFileHash("latest"));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "no time that has been",
        verdict(Outcome.GO, FILE)
            .setMeasuredAt(
                Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 3_600)));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "the most allowed",
        verdict(Outcome.GO, FILE).addRemarks("x".repeat(300_000)));
    refused(
        Status.Code.NOT_FOUND,
        "there is no migration 'other'",
        verdict(Outcome.GO, FILE).setMigration("other"));
    assertThatThrownBy(
            () -> service().getEvidence(GetEvidenceRequest.newBuilder().setId(77).build()))
        .hasMessageContaining("there is no verdict 77");
    assertThat(list()).isEmpty();
  }

  private void refused(Status.Code code, String part, BenchmarkVerdict.Builder verdict) {
    assertThatThrownBy(() -> submit(verdict))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(part);
  }
}
