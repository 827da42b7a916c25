package dev.crossfade.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.crossfade.api.v1.ForgetMismatchesRequest;
import dev.crossfade.api.v1.ForgetMismatchesResponse;
import dev.crossfade.api.v1.ListMismatchesRequest;
import dev.crossfade.api.v1.ListMismatchesResponse;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.MismatchSample;
import dev.crossfade.api.v1.SignalServiceGrpc;
import dev.crossfade.api.v1.SignalsRequest;
import dev.crossfade.server.signal.Signals;
import dev.crossfade.server.store.MismatchRow;
import dev.crossfade.server.store.MismatchStore;
import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the fleet measures, for people and tools. */
public final class SignalGrpc extends SignalServiceGrpc.SignalServiceImplBase {
  private static final Duration USUAL_WINDOW = Duration.ofMinutes(5);
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
  private static final Duration LONGEST_WINDOW = Duration.ofHours(24);
  private static final int POINTS_MAX = 600;
  private static final int QUERIES_MAX = 200;
  private static final int USUAL_LIMIT = 50;
  private static final Pattern QUERY = Pattern.compile("|[0-9a-f]{16}");

  private final Predicate<String> isKnown;
  private final Signals signals;
  private final MismatchStore mismatches;
  private final SignalWatches watches;

  /** What is asked for, in its limits. */
  record Wanted(String migration, Duration window, int points, int queries) {
    dev.crossfade.api.v1.Signals of(Signals all) {
      return all.view(migration, window, points, queries).signals();
    }
  }

  /**
   * @param isKnown whether there is a migration of this name
   */
  public SignalGrpc(Predicate<String> isKnown, Signals signals, MismatchStore mismatches) {
    this.isKnown = isKnown;
    this.signals = signals;
    this.mismatches = mismatches;
    this.watches = new SignalWatches(signals);
  }

  @Override
  public void getSignals(
      SignalsRequest request, StreamObserver<dev.crossfade.api.v1.Signals> answer) {
    try {
      answer.onNext(wanted(request).of(signals));
      answer.onCompleted();
    } catch (StatusException e) {
      answer.onError(e);
    }
  }

  @Override
  public void watchSignals(
      SignalsRequest request, StreamObserver<dev.crossfade.api.v1.Signals> answer) {
    try {
      watches.begin(
          wanted(request), (ServerCallStreamObserver<dev.crossfade.api.v1.Signals>) answer);
    } catch (StatusException e) {
      answer.onError(e);
    }
  }

  /** Ends all watches, so that callers look for another replica. */
  public void leave() {
    watches.leave();
  }

  private Wanted wanted(SignalsRequest request) throws StatusException {
    Duration window =
        request.hasWindow()
            ? Duration.ofSeconds(request.getWindow().getSeconds(), request.getWindow().getNanos())
            : USUAL_WINDOW;
    if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
      throw Requests.invalid("window is out of its range: give 1 second to 24 hours");
    }
    return new Wanted(
        known(request.getMigration()),
        window,
        limited("points", request.getPoints(), POINTS_MAX),
        limited("queries", request.getQueries(), QUERIES_MAX));
  }

  private String known(String migration) throws StatusException {
    String name = Requests.name(migration);
    if (!isKnown.test(name)) {
      throw Status.NOT_FOUND.withDescription("there is no migration '" + name + "'").asException();
    }
    return name;
  }

  private static int limited(String field, int number, int most) throws StatusException {
    if (number < 0 || number > most) {
      throw Requests.invalid(field + " is " + number + ": give 0 to " + most);
    }
    return number;
  }

  private static String query(String query) throws StatusException {
    if (!QUERY.matcher(query).matches()) {
      throw Requests.invalid("query is no name of a statement: give 16 hexadecimal digits");
    }
    return query;
  }

  @Override
  public void listMismatches(
      ListMismatchesRequest request, StreamObserver<ListMismatchesResponse> answer) {
    try {
      String name = known(request.getMigration());
      int limit = limited("limit", request.getLimit(), MismatchStore.PER_MIGRATION);
      ListMismatchesResponse.Builder response = ListMismatchesResponse.newBuilder();
      mismatches
          .list(name, query(request.getQuery()), limit == 0 ? USUAL_LIMIT : limit)
          .forEach(row -> response.addSamples(sample(row)));
      answer.onNext(response.build());
      answer.onCompleted();
    } catch (StatusException e) {
      answer.onError(e);
    } catch (StoreException e) {
      answer.onError(MigrationGrpc.unavailable(e));
    }
  }

  private static MismatchSample sample(MismatchRow row) {
    try {
      return MismatchSample.newBuilder()
          .setNewest(Mismatch.parseFrom(row.sample()))
          .setCount(row.count())
          .setFirstSeen(Wire.timestamp(row.firstSeen()))
          .setLastSeen(Wire.timestamp(row.lastSeen()))
          .build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the store gives back what was put", e);
    }
  }

  @Override
  public void forgetMismatches(
      ForgetMismatchesRequest request, StreamObserver<ForgetMismatchesResponse> answer) {
    try {
      int forgotten = mismatches.forget(known(request.getMigration()), query(request.getQuery()));
      answer.onNext(ForgetMismatchesResponse.newBuilder().setForgotten(forgotten).build());
      answer.onCompleted();
    } catch (StatusException e) {
      answer.onError(e);
    } catch (StoreException e) {
      answer.onError(MigrationGrpc.unavailable(e));
    }
  }
}
