package dev.crossfade.server;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.ChangeRolloutRequest;
import dev.crossfade.api.v1.ComparisonFigures;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.CreateTokenResponse;
import dev.crossfade.api.v1.GetRolloutRequest;
import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.api.v1.GuardOutcome;
import dev.crossfade.api.v1.GuardSample;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.ListAuditResponse;
import dev.crossfade.api.v1.ListMismatchesRequest;
import dev.crossfade.api.v1.ListMismatchesResponse;
import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.ListTokensResponse;
import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.MismatchSample;
import dev.crossfade.api.v1.Proof;
import dev.crossfade.api.v1.QueryFigures;
import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.api.v1.RevokeTokenResponse;
import dev.crossfade.api.v1.Role;
import dev.crossfade.api.v1.Rollout;
import dev.crossfade.api.v1.RolloutResponse;
import dev.crossfade.api.v1.RolloutServiceGrpc;
import dev.crossfade.api.v1.RolloutState;
import dev.crossfade.api.v1.RolloutStep;
import dev.crossfade.api.v1.SideFigures;
import dev.crossfade.api.v1.SignalPoint;
import dev.crossfade.api.v1.SignalServiceGrpc;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.SignalsRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Token;
import dev.crossfade.api.v1.Verdict;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.api.v1.WhoAmIRequest;
import dev.crossfade.api.v1.WhoAmIResponse;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Services whose answers a test writes, to see what the console makes of them. */
final class ScriptedServices {
  /** What was asked of the rollout: the call and its reason. */
  final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

  List<BindableService> all() {
    return List.of(
        new ScriptedAccess(), new ScriptedSignals(), new ScriptedRollout(), new ScriptedAudit());
  }

  private static SideFigures side(long answers, long p50, long p99) {
    return SideFigures.newBuilder().setAnswers(answers).setP50Micros(p50).setP99Micros(p99).build();
  }

  private static ComparisonFigures compared(long decided, long mismatches) {
    return ComparisonFigures.newBuilder()
        .setDecided(decided)
        .setMismatches(mismatches)
        .setOldP50Micros(900)
        .setNewP50Micros(600)
        .addVerdicts(
            VerdictCount.newBuilder()
                .setVerdict(Verdict.VERDICT_MATCH)
                .setCount(decided - mismatches))
        .addVerdicts(
            VerdictCount.newBuilder().setVerdict(Verdict.VERDICT_MISSING_ROWS).setCount(mismatches))
        .build();
  }

  /** Says what a control plane says that asks nobody who he is. */
  private final class ScriptedAccess extends AccessServiceGrpc.AccessServiceImplBase {
    @Override
    public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> answer) {
      answer.onNext(
          WhoAmIResponse.newBuilder().setRole(Role.ROLE_ADMIN).setProof(Proof.PROOF_NONE).build());
      answer.onCompleted();
    }

    @Override
    public void listTokens(ListTokensRequest request, StreamObserver<ListTokensResponse> answer) {
      answer.onNext(
          ListTokensResponse.newBuilder()
              .addTokens(
                  token(2, "shop-sidecar", Role.ROLE_SIDECAR).toBuilder()
                      .setService("shop")
                      .setRevokedAt(Timestamp.newBuilder().setSeconds(1_763_900_000))
                      .setRevokedBy("ada"))
              .addTokens(token(1, "vera", Role.ROLE_VIEWER))
              .build());
      answer.onCompleted();
    }

    @Override
    public void createToken(
        CreateTokenRequest request, StreamObserver<CreateTokenResponse> answer) {
      asked.add(
          "create: "
              + request.getName()
              + " "
              + request.getRole()
              + " "
              + request.getValidFor().getSeconds()
              + " s");
      answer.onNext(
          CreateTokenResponse.newBuilder()
              .setToken(token(3, request.getName(), request.getRole()))
              .setSecret("cf_scripted")
              .build());
      answer.onCompleted();
    }

    @Override
    public void revokeToken(
        RevokeTokenRequest request, StreamObserver<RevokeTokenResponse> answer) {
      asked.add("revoke: " + request.getId());
      answer.onNext(
          RevokeTokenResponse.newBuilder()
              .setToken(token(request.getId(), "vera", Role.ROLE_VIEWER))
              .setChanged(true)
              .build());
      answer.onCompleted();
    }

    private static Token token(long id, String name, Role role) {
      return Token.newBuilder()
          .setId(id)
          .setName(name)
          .setRole(role)
          .setCreatedAt(Timestamp.newBuilder().setSeconds(1_763_800_000))
          .setCreatedBy("ada")
          .setExpiresAt(Timestamp.newBuilder().setSeconds(4_000_000_000L))
          .build();
    }
  }

  private static final class ScriptedSignals extends SignalServiceGrpc.SignalServiceImplBase {
    @Override
    public void getSignals(SignalsRequest request, StreamObserver<Signals> answer) {
      Signals.Builder signals =
          Signals.newBuilder()
              .setMigration(request.getMigration())
              .setWindow(Duration.newBuilder().setSeconds(300))
              .setOnOld(side(225_000, 850, 4_200))
              .setOnNew(side(75_300, 610, 3_100))
              .setRoutableReads(300_000)
              .setRoutableReadsOnNew(75_300)
              .setComparisons(compared(12_000, 3))
              .setMirror(
                  MirrorSignals.newBuilder()
                      .setPending(17)
                      .setLag(Duration.newBuilder().setNanos(42_000_000)))
              .setReporting(3)
              .setSilent(1)
              .addQueries(
                  QueryFigures.newBuilder()
                      .setText("select email from customers where id = ?4")
                      .setComparisons(compared(9_000, 0)))
              .addQueries(
                  QueryFigures.newBuilder()
                      .setText("select * from customers where full_name like ?s")
                      .setComparisons(compared(3_000, 3)));
      for (int i = 0; i < request.getPoints(); i++) {
        double wave = 1 + 0.2 * Math.sin(i / 9.0);
        signals.addPoints(
            SignalPoint.newBuilder()
                .setLength(Duration.newBuilder().setSeconds(2))
                .setOnOld(side((long) (1_500 * wave), (long) (850 / wave), (long) (4_200 * wave)))
                .setOnNew(side((long) (5.0 * i * wave), 610, (long) (3_100 * wave))));
      }
      answer.onNext(signals.build());
      answer.onCompleted();
    }

    @Override
    public void listMismatches(
        ListMismatchesRequest request, StreamObserver<ListMismatchesResponse> answer) {
      answer.onNext(
          ListMismatchesResponse.newBuilder()
              .addSamples(
                  MismatchSample.newBuilder()
                      .setCount(3)
                      .setLastSeen(Timestamp.newBuilder().setSeconds(1_763_800_000))
                      .setNewest(
                          Mismatch.newBuilder()
                              .setVerdict(Verdict.VERDICT_MISSING_ROWS)
                              .setText("select * from customers where full_name like ?s")
                              .addColumns("full_name")
                              .addKeys("<b>4711</b>")
                              .setOldRows(12)
                              .setNewRows(11)))
              .build());
      answer.onCompleted();
    }
  }

  private final class ScriptedRollout extends RolloutServiceGrpc.RolloutServiceImplBase {
    @Override
    public void getRollout(GetRolloutRequest request, StreamObserver<GetRolloutResponse> answer) {
      answer.onNext(
          GetRolloutResponse.newBuilder()
              .addPlan(step("shadow", Stage.STAGE_SHADOW, 0))
              .addPlan(step("a quarter", Stage.STAGE_RAMP, 25_000))
              .addPlan(step("live", Stage.STAGE_LIVE, 0).toBuilder().setConfirm(true))
              .setRollout(
                  Rollout.newBuilder()
                      .setState(RolloutState.ROLLOUT_STATE_HOLDING)
                      .setStep(1)
                      .setWaits("4 min 10 s of 10 min are over"))
              .addGuards(
                  GuardSample.newBuilder()
                      .setGuard("mismatches")
                      .setOutcome(GuardOutcome.GUARD_OUTCOME_PASS)
                      .setReason("at most 0.04%, bound 0.1%"))
              .addGuards(
                  GuardSample.newBuilder()
                      .setGuard("latency")
                      .setOutcome(GuardOutcome.GUARD_OUTCOME_NOT_ENOUGH_DATA)
                      .setDryRun(true)
                      .setReason("90 of 100 samples"))
              .build());
      answer.onCompleted();
    }

    private RolloutStep step(String name, Stage stage, int buckets) {
      return RolloutStep.newBuilder()
          .setName(name)
          .setStage(stage)
          .setReadBuckets(buckets)
          .setHold(Duration.newBuilder().setSeconds(600))
          .addGuards("mismatches")
          .addGuards("latency")
          .build();
    }

    @Override
    public void pauseRollout(ChangeRolloutRequest request, StreamObserver<RolloutResponse> answer) {
      asked.add("pause: " + request.getNote().getReason());
      answer.onNext(RolloutResponse.newBuilder().setMessage("the rollout is paused").build());
      answer.onCompleted();
    }
  }

  private static final class ScriptedAudit extends AuditServiceGrpc.AuditServiceImplBase {
    @Override
    public void listAudit(ListAuditRequest request, StreamObserver<ListAuditResponse> answer) {
      answer.onNext(
          ListAuditResponse.newBuilder()
              .addRecords(
                  AuditRecord.newBuilder()
                      .setNumber(41)
                      .setAction("catalog.stage")
                      .setActor("ada")
                      .setReason("<i>why</i>")
                      .setHash("9f86d081884c7d659a2feaa0c55ad015"))
              .build());
      answer.onCompleted();
    }
  }
}
