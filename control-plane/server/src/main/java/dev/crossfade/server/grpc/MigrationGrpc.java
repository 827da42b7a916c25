package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.FollowRequest;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.ListResponse;
import dev.crossfade.api.v1.MigrationResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.RollbackRequest;
import dev.crossfade.api.v1.SetConsistencyRequest;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.api.v1.WatchRequest;
import dev.crossfade.core.migration.Side;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.catalog.Command;
import dev.crossfade.engine.catalog.Following;
import dev.crossfade.engine.catalog.MigrationFileCheck;
import dev.crossfade.engine.catalog.Verdict;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogState;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.MoveRow;
import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalog for people and tools. Refusals become gRPC errors here and nowhere else. */
public final class MigrationGrpc extends MigrationServiceGrpc.MigrationServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(MigrationGrpc.class);
  private static final int CALLS_MAX = 64;
  private static final int HISTORY_MAX = 1_000;
  private static final int ROUNDS_MAX = 4;

  private final CatalogStore store;
  private final CatalogFeed feed;
  private final Evidence evidence;
  private final Requests requests;
  private final Watchers watchers;
  private final MoveCalls moves;
  private final Semaphore calls = new Semaphore(CALLS_MAX);

  public MigrationGrpc(
      CatalogStore store,
      CatalogFeed feed,
      Evidence evidence,
      MigrationFileCheck check,
      MoveCalls moves) {
    this.moves = moves;
    this.store = store;
    this.feed = feed;
    this.evidence = evidence;
    this.requests = new Requests(check);
    this.watchers = new Watchers(feed);
  }

  @Override
  public void apply(ApplyRequest request, StreamObserver<MigrationResponse> answer) {
    answer(answer, () -> change(requests.apply(request)));
  }

  @Override
  public void setStage(SetStageRequest request, StreamObserver<MigrationResponse> answer) {
    answer(answer, () -> change(Requests.setStage(request)));
  }

  @Override
  public void setReadPercent(
      SetReadPercentRequest request, StreamObserver<MigrationResponse> answer) {
    answer(answer, () -> change(Requests.setReads(request)));
  }

  @Override
  public void setConsistency(
      SetConsistencyRequest request, StreamObserver<MigrationResponse> answer) {
    answer(answer, () -> change(Requests.setConsistency(request)));
  }

  void follow(FollowRequest request, StreamObserver<MigrationResponse> answer) {
    answer(answer, () -> change(Requests.resume(request)));
  }

  @Override
  public void rollback(RollbackRequest request, StreamObserver<MigrationResponse> answer) {
    answer(answer, () -> change(Requests.rollback(request)));
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> answer) {
    answer(
        answer,
        () -> {
          String name = Requests.name(request.getName());
          int limit = request.getHistoryLimit();
          if (limit < 0 || limit > HISTORY_MAX) {
            throw Requests.invalid("history_limit is " + limit + ": give 0 to " + HISTORY_MAX);
          }
          CatalogStore.Detail detail =
              store.detail(name, limit).orElseThrow(() -> noMigration(name));
          GetResponse.Builder response =
              GetResponse.newBuilder().setMigration(moves.shown(Wire.migration(detail.entry())));
          for (Change change : detail.history()) {
            response.addHistory(Wire.change(change));
          }
          evidence
              .verifications()
              .verifiedAsOf(name)
              .ifPresent(verified -> response.setVerification(Wire.verification(verified)));
          if (detail.entry().position().stage().authority() == Side.NEW) {
            evidence
                .losses()
                .lossAsOf(name)
                .ifPresent(measured -> response.setRollbackLoss(LossWire.loss(measured)));
          }
          String hash = detail.entry().file().hash();
          evidence
              .lensChecks()
              .checkedAsOf(name)
              .ifPresent(checked -> response.setLensEvidence(LossWire.lens(checked, hash)));
          Following following = detail.entry().following();
          if (following != null) {
            evidence
                .flags()
                .reading(name, following.flag())
                .ifPresent(reading -> response.setFlag(FlagWire.reading(reading)));
          }
          moves.last(name).ifPresent(last -> response.setLastMove(MoveWire.move(last)));
          return response.build();
        });
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> answer) {
    answer(
        answer,
        () -> {
          CatalogState state = store.state();
          ListResponse.Builder response = ListResponse.newBuilder().setVersion(state.version());
          for (CatalogEntry entry : state.entries().values()) {
            response.addMigrations(Wire.outline(entry));
          }
          return response.build();
        });
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchEvent> answer) {
    watchers.begin(request.getName(), (ServerCallStreamObserver<WatchEvent>) answer);
  }

  /** Ends all watches and waits: the control plane leaves. */
  public void leave() {
    moves.leave();
    watchers.leave();
  }

  private MigrationResponse change(Command command) throws StatusException, StoreException {
    return change(command, ROUNDS_MAX);
  }

  /**
   * @param rounds how often it may be decided anew, for a move was in its way
   */
  private MigrationResponse change(Command command, int rounds)
      throws StatusException, StoreException {
    return switch (store.change(command, obstacle(command))) {
      case Verdict.Changed changed -> {
        told(changed.change());
        yield response(changed.entry(), changed.message(), true);
      }
      case Verdict.Begun begun -> {
        told(begun.change());
        moves.mover().kick();
        yield ended(begun.change().version());
      }
      case Verdict.Ended ended -> {
        told(ended.change());
        yield again(command, rounds);
      }
      case Verdict.Queued queued -> {
        moves.end(queued.move().id());
        yield again(command, rounds);
      }
      case Verdict.Underway underway -> {
        long move = underway.move().id();
        if (command instanceof Command.Rollback rollback
            && rollback.to() != underway.move().transition().to()) {
          moves.end(move);
          yield again(command, rounds);
        }
        yield ended(move);
      }
      case Verdict.Unchanged unchanged -> response(unchanged.entry(), unchanged.message(), false);
      case Verdict.Refused refused ->
          throw status(refused.why()).withDescription(refused.message()).asException();
    };
  }

  private @Nullable String obstacle(Command command) {
    return switch (command) {
      case Command.SetStage set -> moves.mover().obstacle(set.name()).orElse(null);
      case Command.Rollback rollback -> moves.mover().obstacle(rollback.name()).orElse(null);
      case Command.Apply apply -> null;
      case Command.SetReads set -> null;
      case Command.SetConsistency set -> null;
      case Command.FollowFlag set -> null;
      case Command.Resume resume -> null;
      case Command.EndMove end -> null;
    };
  }

  private void told(Change change) {
    LOG.atInfo()
        .addKeyValue("migration", change.migration())
        .addKeyValue("version", change.version())
        .addKeyValue("kind", change.kind())
        .addKeyValue("stage", change.standing().stage())
        .addKeyValue("reads", change.standing().reads())
        .addKeyValue("actor", change.note().actor())
        .log("Migration changed");
    tellNow();
  }

  private MigrationResponse again(Command command, int rounds)
      throws StatusException, StoreException {
    if (rounds == 0) {
      throw Status.ABORTED
          .withDescription(
              "migration '" + command.name() + "' is moved by others all the time: try again")
          .asException();
    }
    return change(command, rounds - 1);
  }

  /** What came of a move. */
  private MigrationResponse ended(long move) throws StatusException, StoreException {
    MoveRow row = moves.end(move);
    MoveRow.End end = row.end();
    if (end == null || !end.done()) {
      throw status(Verdict.Why.STATE)
          .withDescription(end == null ? "the move has not ended" : end.outcome())
          .asException();
    }
    tellNow();
    CatalogEntry entry =
        store.detail(row.migration(), 0).orElseThrow(() -> noMigration(row.migration())).entry();
    return response(entry, end.outcome(), true).toBuilder().setMove(MoveWire.move(row)).build();
  }

  private static StatusException noMigration(String name) {
    return Status.NOT_FOUND.withDescription("there is no migration '" + name + "'").asException();
  }

  /**
   * Pushes the change before its caller hears of it. Should the database fail just now, the feed's
   * own thread does it.
   */
  private void tellNow() {
    try {
      feed.refresh();
    } catch (StoreException e) {
      LOG.atDebug().setCause(e).log("The change will be told by the feed's thread");
    }
  }

  private static MigrationResponse response(CatalogEntry entry, String message, boolean changed) {
    return MigrationResponse.newBuilder()
        .setMigration(Wire.migration(entry))
        .setMessage(message)
        .setChanged(changed)
        .build();
  }

  private static Status status(Verdict.Why why) {
    return switch (why) {
      case INVALID -> Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case STATE -> Status.FAILED_PRECONDITION;
      case CONFLICT -> Status.ABORTED;
      case LIMIT -> Status.RESOURCE_EXHAUSTED;
    };
  }

  /** One call: bounded in number, its failure mapped. */
  private <T> void answer(StreamObserver<T> observer, Answer<T> answer) {
    if (!calls.tryAcquire()) {
      observer.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription(
                  "the control plane already answers "
                      + CALLS_MAX
                      + " calls: try again in a moment")
              .asException());
      return;
    }
    try {
      observer.onNext(answer.get());
      observer.onCompleted();
    } catch (StatusException e) {
      observer.onError(e);
    } catch (StoreException e) {
      observer.onError(unavailable(e));
    } finally {
      calls.release();
    }
  }

  static StatusException unavailable(StoreException failure) {
    LOG.atWarn().setCause(failure).log("The database did not answer a call");
    return Status.UNAVAILABLE
        .withDescription(
            "the control plane's database cannot be reached now: try again in a moment")
        .withCause(failure)
        .asException();
  }

  /** What makes an answer. */
  private interface Answer<T> {
    T get() throws StatusException, StoreException;
  }
}
