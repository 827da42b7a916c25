package dev.crossfade.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.crossfade.api.v1.AnswerTime;
import dev.crossfade.api.v1.Coverage;
import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.ReadinessRequest;
import dev.crossfade.api.v1.ReadinessServiceGrpc;
import dev.crossfade.api.v1.SeenQuery;
import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.api.v1.StageReadiness;
import dev.crossfade.api.v1.TranslationRefusal;
import dev.crossfade.api.v1.UnlistedQueries;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.readiness.Standing;
import dev.crossfade.engine.readiness.Standing.Kind;
import dev.crossfade.engine.readiness.Standing.Translation;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.QueryRow;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;

/** What keeps a migration from its next stages, for people and tools. */
public final class ReadinessGrpc extends ReadinessServiceGrpc.ReadinessServiceImplBase {
  private static final int CALLS_MAX = 4;
  private static final int LIMIT_MAX = 1_000;
  private static final int ANSWER_BYTES_MAX = 3 << 20;
  private static final List<Stage> STAGES = List.of(Stage.SHADOW, Stage.RAMP, Stage.LIVE);

  private final CatalogStore catalog;
  private final QueryStore queries;
  private final Semaphore calls = new Semaphore(CALLS_MAX);

  public ReadinessGrpc(CatalogStore catalog, QueryStore queries) {
    this.catalog = catalog;
    this.queries = queries;
  }

  @Override
  public void getReadiness(ReadinessRequest request, StreamObserver<Readiness> answer) {
    if (!calls.tryAcquire()) {
      answer.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("the control plane already answers such calls: try again")
              .asException());
      return;
    }
    try {
      answer.onNext(readiness(request));
      answer.onCompleted();
    } catch (StatusException e) {
      answer.onError(e);
    } catch (StoreException e) {
      answer.onError(MigrationGrpc.unavailable(e));
    } finally {
      calls.release();
    }
  }

  private Readiness readiness(ReadinessRequest request) throws StatusException, StoreException {
    String name = Requests.name(request.getMigration());
    if (request.getLimit() < 0 || request.getLimit() > LIMIT_MAX) {
      throw Requests.invalid("limit is " + request.getLimit() + ": give 0 to " + LIMIT_MAX);
    }
    CatalogStore.Detail detail =
        catalog
            .detail(name, 0)
            .orElseThrow(
                () ->
                    Status.NOT_FOUND
                        .withDescription("there is no migration '" + name + "'")
                        .asException());
    QueryStore.Listing listing = queries.list(name, request.getService().replace('\0', ' '));
    Readiness.Builder readiness =
        Readiness.newBuilder()
            .setMigration(name)
            .setStage(Wire.stage(detail.entry().position().stage()))
            .setReads(coverage(listing.rows(), Kind.READ))
            .setWrites(coverage(listing.rows(), Kind.WRITE))
            .setOthers(coverage(listing.rows(), Kind.OTHER))
            .setEvicted(listing.evicted());
    STAGES.forEach(stage -> readiness.addStages(stage(listing.rows(), stage)));
    listing.besides().forEach(besides -> readiness.addUnlisted(unlisted(besides)));
    addQueries(readiness, listing.rows(), request.getLimit());
    return readiness.build();
  }

  private static Coverage coverage(List<QueryRow> rows, Kind kind) {
    Coverage.Builder coverage = Coverage.newBuilder();
    for (QueryRow row : rows) {
      if (row.standing().kind() == kind) {
        long executions = row.counts().executions();
        coverage.setFingerprints(coverage.getFingerprints() + 1);
        coverage.setExecutions(coverage.getExecutions() + executions);
        if (row.standing().translation() == Translation.TRANSLATED) {
          coverage.setTranslatedFingerprints(coverage.getTranslatedFingerprints() + 1);
          coverage.setTranslatedExecutions(coverage.getTranslatedExecutions() + executions);
        }
      }
    }
    return coverage.build();
  }

  private static StageReadiness stage(List<QueryRow> rows, Stage stage) {
    List<Standing> blocking =
        rows.stream()
            .map(QueryRow::standing)
            .filter(standing -> standing.blocks().contains(stage))
            .toList();
    return StageReadiness.newBuilder()
        .setStage(Wire.stage(stage))
        .setBlocking(blocking.size())
        .setPending(
            (int)
                blocking.stream()
                    .filter(standing -> standing.translation() == Translation.PENDING)
                    .count())
        .build();
  }

  private static UnlistedQueries unlisted(QueryRow.Besides besides) {
    return UnlistedQueries.newBuilder()
        .setService(besides.service())
        .setUnmapped(besides.unmapped())
        .setUnlisted(besides.unlisted())
        .build();
  }

  /** Ordered by executions within each rank, since the rows are and the sort is stable. */
  private static void addQueries(Readiness.Builder readiness, List<QueryRow> rows, int limit) {
    List<Query> queries = new ArrayList<>(rows.size());
    rows.forEach(row -> queries.add(query(row)));
    queries.sort(Comparator.comparingInt(ReadinessGrpc::rank));
    int bytes = 0;
    for (Query query : queries) {
      bytes += query.getSerializedSize();
      if (readiness.getQueriesCount() == limit || bytes > ANSWER_BYTES_MAX) {
        break;
      }
      readiness.addQueries(query);
    }
    readiness.setLeftOut(queries.size() - readiness.getQueriesCount());
  }

  private static int rank(Query query) {
    if (query.getBlocksCount() > 0) {
      return STAGES.size() - query.getBlocksCount();
    }
    return query.getScansCount() > 0 ? STAGES.size() : STAGES.size() + 1;
  }

  private static Query query(QueryRow row) {
    Query.Builder query =
        Query.newBuilder()
            .setText(row.text())
            .setService(row.service())
            .setKind(InventoryWire.kind(row.standing().kind()))
            .setStatus(InventoryWire.status(row.standing().translation()))
            .setExecutions(row.counts().executions())
            .setFirstSeen(Wire.timestamp(row.counts().firstSeen()))
            .setLastSeen(Wire.timestamp(row.counts().lastSeen()))
            .addAllScans(scans(row));
    row.standing().blocks().forEach(stage -> query.addBlocks(Wire.stage(stage)));
    if (row.standing().translation() == Translation.REFUSED) {
      TranslationRefusal.Builder refusal =
          TranslationRefusal.newBuilder().setCode(row.standing().code()).setDetail(row.detail());
      if (row.position() >= 0) {
        refusal.setOffset(row.position());
      }
      query.setRefusal(refusal);
    }
    if (row.counts().onOld().length > 0) {
      query.setOnOld(time(row.counts().onOld()));
    }
    if (row.counts().onNew().length > 0) {
      query.setOnNew(time(row.counts().onNew()));
    }
    return query.build();
  }

  private static List<SequentialScan> scans(QueryRow row) {
    try {
      return SeenQuery.parseFrom(row.scans()).getScansList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the store gives back what was put", e);
    }
  }

  private static AnswerTime time(long[] counts) {
    return AnswerTime.newBuilder()
        .setCount(Arrays.stream(counts).sum())
        .setP50Micros(LatencySteps.percentile(counts, 0.5))
        .setP99Micros(LatencySteps.percentile(counts, 0.99))
        .build();
  }
}
