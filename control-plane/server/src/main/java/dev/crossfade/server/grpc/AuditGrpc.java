package dev.crossfade.server.grpc;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.AuditFlaw;
import dev.crossfade.api.v1.AuditHead;
import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.ListAuditResponse;
import dev.crossfade.api.v1.VerifyAuditRequest;
import dev.crossfade.api.v1.VerifyAuditResponse;
import dev.crossfade.engine.catalog.CatalogLimits;
import dev.crossfade.server.store.AuditStore;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** The audit log for people and tools. */
public final class AuditGrpc extends AuditServiceGrpc.AuditServiceImplBase {
  private static final int LISTS_MAX = 16;
  private static final int VERIFICATIONS_MAX = 2;
  private static final int LIMIT_MAX = 1_000;
  private static final int LIMIT_USUAL = 100;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** What PostgreSQL can compare with. */
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final AuditStore store;
  private final Calls lists = new Calls(LISTS_MAX);
  private final Calls verifications = new Calls(VERIFICATIONS_MAX);

  public AuditGrpc(AuditStore store) {
    this.store = store;
  }

  @Override
  public void listAudit(ListAuditRequest request, StreamObserver<ListAuditResponse> answer) {
    lists.answer(
        answer,
        () -> {
          int limit = request.getLimit();
          if (limit < 0 || limit > LIMIT_MAX) {
            throw Requests.invalid("limit is " + limit + ": give 0 to " + LIMIT_MAX);
          }
          if (request.getBefore() < 0) {
            throw Requests.invalid("before is " + request.getBefore() + ": give 0 or more");
          }
          int most = limit == 0 ? LIMIT_USUAL : limit;
          List<dev.crossfade.engine.audit.AuditRecord> records =
              store.list(
                  filter(request),
                  request.getBefore() == 0 ? Long.MAX_VALUE : request.getBefore(),
                  most + 1);
          ListAuditResponse.Builder response = ListAuditResponse.newBuilder();
          records.stream().limit(most).forEach(record -> response.addRecords(wire(record)));
          if (records.size() > most) {
            response.setNext(records.get(most - 1).number());
          }
          return response.build();
        });
  }

  private static AuditStore.Filter filter(ListAuditRequest request) throws StatusException {
    String migration =
        request.getMigration().isEmpty() ? "" : Requests.name(request.getMigration());
    return new AuditStore.Filter(
        migration,
        Requests.limited("actor", request.getActor(), CatalogLimits.ACTOR_MAX_CHARS),
        request.hasFrom() ? instant("from", request.getFrom()) : Instant.EPOCH,
        request.hasTo() ? instant("to", request.getTo()) : LATEST);
  }

  private static Instant instant(String field, Timestamp timestamp) throws StatusException {
    if (timestamp.getSeconds() < 0
        || timestamp.getSeconds() > LATEST.getEpochSecond()
        || timestamp.getNanos() < 0
        || timestamp.getNanos() > 999_999_999) {
      throw Requests.invalid(field + " is out of its range: give a time from 1970 to 9998");
    }
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  @Override
  public void verifyAudit(VerifyAuditRequest request, StreamObserver<VerifyAuditResponse> answer) {
    verifications.answer(
        answer,
        () -> {
          AuditStore.Verified verified = store.verify(remembered(request));
          VerifyAuditResponse.Builder response =
              VerifyAuditResponse.newBuilder()
                  .setLast(
                      AuditHead.newBuilder()
                          .setNumber(verified.last().number())
                          .setHash(verified.last().hash()));
          verified.flaw().ifPresent(flaw -> response.setFlaw(wire(flaw)));
          return response.build();
        });
  }

  private static dev.crossfade.engine.audit.AuditHead remembered(VerifyAuditRequest request)
      throws StatusException {
    if (!request.hasNoted()) {
      return dev.crossfade.engine.audit.AuditHead.START;
    }
    AuditHead noted = request.getNoted();
    if (noted.getNumber() < 1 || !HASH.matcher(noted.getHash()).matches()) {
      throw Requests.invalid(
          "noted is no record: give its number, from 1, and its hash, 64 lower-case hex digits");
    }
    return new dev.crossfade.engine.audit.AuditHead(noted.getNumber(), noted.getHash());
  }

  private static AuditFlaw wire(dev.crossfade.engine.audit.AuditFlaw flaw) {
    return AuditFlaw.newBuilder()
        .setNumber(flaw.number())
        .setKind(
            switch (flaw.kind()) {
              case CHANGED -> AuditFlaw.Kind.KIND_CHANGED;
              case MISSING -> AuditFlaw.Kind.KIND_MISSING;
              case ADDED -> AuditFlaw.Kind.KIND_ADDED;
              case END -> AuditFlaw.Kind.KIND_END;
            })
        .setMessage(flaw.message())
        .build();
  }

  private static AuditRecord wire(dev.crossfade.engine.audit.AuditRecord record) {
    return AuditRecord.newBuilder()
        .setNumber(record.number())
        .setAt(Wire.timestamp(record.at()))
        .setAction(record.entry().action())
        .setMigration(record.entry().migration())
        .setActor(record.entry().author().actor())
        .setReason(record.entry().author().reason())
        .setBefore(record.entry().difference().before())
        .setAfter(record.entry().difference().after())
        .setHash(record.hash())
        .build();
  }
}
