package dev.crossfade.server.grpc;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.BenchmarkVerdict.Outcome;
import dev.crossfade.api.v1.Evidence;
import dev.crossfade.api.v1.EvidenceServiceGrpc;
import dev.crossfade.api.v1.GetEvidenceRequest;
import dev.crossfade.api.v1.GetEvidenceResponse;
import dev.crossfade.api.v1.ListEvidenceRequest;
import dev.crossfade.api.v1.ListEvidenceResponse;
import dev.crossfade.api.v1.SubmitEvidenceRequest;
import dev.crossfade.api.v1.SubmitEvidenceResponse;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.engine.rollout.Evidence.Verdict;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.VerdictStore;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Verdicts of benchmarks before a rollout. What was measured is kept as it came; nothing is run.
 */
public final class EvidenceGrpc extends EvidenceServiceGrpc.EvidenceServiceImplBase {
  private static final int CALLS_MAX = 8;
  private static final int FORMAT = 1;
  private static final int BYTES_MAX = 256 << 10;
  private static final int REASONS_MAX = 200;
  private static final int STATEMENTS_MAX = 500;
  private static final int REASON_SHOWN_MAX = 500;
  private static final int LIST_USUAL = 20;
  private static final Duration AHEAD_MAX = Duration.ofMinutes(1);
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final CatalogStore catalog;
  private final VerdictStore verdicts;
  private final Runnable submitted;
  private final Calls calls = new Calls(CALLS_MAX);

  /**
   * @param submitted is told when a verdict has been kept
   */
  public EvidenceGrpc(CatalogStore catalog, VerdictStore verdicts, Runnable submitted) {
    this.catalog = catalog;
    this.verdicts = verdicts;
    this.submitted = submitted;
  }

  @Override
  public void submitEvidence(
      SubmitEvidenceRequest request, StreamObserver<SubmitEvidenceResponse> answer) {
    calls.answer(answer, () -> submit(request));
  }

  private SubmitEvidenceResponse submit(SubmitEvidenceRequest request)
      throws StatusException, StoreException {
    BenchmarkVerdict document = request.getVerdict();
    ChangeNote note = Requests.note(request.getNote());
    Verdict verdict = checked(document);
    CatalogEntry entry = entry(document.getMigration());
    if (!entry.file().hash().equals(document.getFileHash())) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              "the verdict is of another version of the file of migration '"
                  + entry.name()
                  + "': run the benchmark again")
          .asException();
    }
    VerdictStore.Kept kept = verdicts.keep(document, verdict, note);
    submitted.run();
    return SubmitEvidenceResponse.newBuilder()
        .setEvidence(wire(kept))
        .setMessage(
            "verdict "
                + kept.id()
                + " of '"
                + entry.name()
                + "' is kept: "
                + (verdict.isGo() ? "go" : "no go, " + verdict.reason()))
        .build();
  }

  private static Verdict checked(BenchmarkVerdict document) throws StatusException {
    if (document.getFormat() != FORMAT) {
      throw Requests.invalid(
          "verdict.format is "
              + document.getFormat()
              + ": this control plane reads "
              + FORMAT
              + ", as 'crossfade bench rollout' of its own version writes it");
    }
    Requests.name(document.getMigration());
    if (!HASH.matcher(document.getFileHash()).matches()) {
      throw Requests.invalid("verdict.file_hash is no SHA-256: give 64 lower-case hex digits");
    }
    if (document.getSerializedSize() > BYTES_MAX) {
      throw Requests.invalid("verdict has more than " + BYTES_MAX + " bytes, the most allowed");
    }
    limit("reasons", document.getReasonsCount(), REASONS_MAX);
    limit("remarks", document.getRemarksCount(), REASONS_MAX);
    limit("statements", document.getStatementsCount(), STATEMENTS_MAX);
    Instant measured = measuredAt(document);
    return switch (document.getOutcome()) {
      case GO -> {
        if (document.getReasonsCount() > 0) {
          throw Requests.invalid("verdict is GO and has reasons against it: leave out one of them");
        }
        yield new Verdict(true, "", measured, true);
      }
      case NO_GO -> {
        if (document.getReasonsCount() == 0 || document.getReasons(0).getMessage().isBlank()) {
          throw Requests.invalid("verdict is NO_GO without a reason: say why");
        }
        String reason = document.getReasons(0).getMessage().replace('\0', ' ');
        int end = Math.min(reason.length(), REASON_SHOWN_MAX);
        yield new Verdict(false, reason.substring(0, end), measured, true);
      }
      case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          throw Requests.invalid("verdict.outcome is missing: give GO or NO_GO");
    };
  }

  private static void limit(String field, int count, int max) throws StatusException {
    if (count > max) {
      throw Requests.invalid("verdict has " + count + " " + field + "; at most " + max + " may be");
    }
  }

  private static Instant measuredAt(BenchmarkVerdict document) throws StatusException {
    Timestamp at = document.getMeasuredAt();
    Instant now = Instant.now();
    boolean known =
        document.hasMeasuredAt()
            && at.getSeconds() > 0
            && at.getSeconds() <= now.plus(AHEAD_MAX).getEpochSecond()
            && at.getNanos() >= 0
            && at.getNanos() < 1_000_000_000;
    if (!known) {
      throw Requests.invalid("verdict.measured_at is missing or no time that has been");
    }
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }

  private CatalogEntry entry(String name) throws StatusException, StoreException {
    return catalog
        .detail(Requests.name(name), 0)
        .map(CatalogStore.Detail::entry)
        .orElseThrow(
            () ->
                Status.NOT_FOUND
                    .withDescription("there is no migration '" + name + "'")
                    .asException());
  }

  @Override
  public void listEvidence(
      ListEvidenceRequest request, StreamObserver<ListEvidenceResponse> answer) {
    calls.answer(
        answer,
        () -> {
          int limit = request.getLimit();
          if (limit < 0 || limit > VerdictStore.PER_MIGRATION_MAX) {
            throw Requests.invalid(
                "limit is " + limit + ": give 0 to " + VerdictStore.PER_MIGRATION_MAX);
          }
          String migration = entry(request.getMigration()).name();
          List<VerdictStore.Kept> kept = verdicts.list(migration, limit == 0 ? LIST_USUAL : limit);
          ListEvidenceResponse.Builder response = ListEvidenceResponse.newBuilder();
          kept.forEach(one -> response.addEvidence(wire(one)));
          return response.build();
        });
  }

  @Override
  public void getEvidence(GetEvidenceRequest request, StreamObserver<GetEvidenceResponse> answer) {
    calls.answer(
        answer,
        () -> {
          VerdictStore.Whole whole =
              verdicts
                  .find(request.getId())
                  .orElseThrow(
                      () ->
                          Status.NOT_FOUND
                              .withDescription("there is no verdict " + request.getId())
                              .asException());
          return GetEvidenceResponse.newBuilder()
              .setEvidence(wire(whole.kept()))
              .setVerdict(whole.document())
              .build();
        });
  }

  private static Evidence wire(VerdictStore.Kept kept) {
    Verdict verdict = kept.verdict();
    return Evidence.newBuilder()
        .setId(kept.id())
        .setMigration(kept.migration())
        .setOutcome(verdict.isGo() ? Outcome.GO : Outcome.NO_GO)
        .setMeasuredAt(Wire.timestamp(verdict.measuredAt()))
        .setSubmittedAt(Wire.timestamp(kept.submittedAt()))
        .setActor(kept.actor())
        .setReason(verdict.reason())
        .setCurrent(verdict.isCurrent())
        .build();
  }
}
