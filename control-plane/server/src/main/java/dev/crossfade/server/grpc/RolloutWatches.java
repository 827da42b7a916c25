package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.GetRolloutResponse;
import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The watches of rollouts of this replica. Another one may lead, so each looks into the database
 * now and then, and tells what is new.
 */
final class RolloutWatches {
  private static final int WATCHES_MAX = 100;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  private final Look look;
  private final Semaphore room = new Semaphore(WATCHES_MAX);
  private volatile boolean leaving;

  /** What is told. */
  interface Look {
    GetRolloutResponse at(String migration) throws StatusException, StoreException;
  }

  RolloutWatches(Look look) {
    this.look = look;
  }

  void begin(String migration, ServerCallStreamObserver<GetRolloutResponse> observer) {
    if (!room.tryAcquire()) {
      observer.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription(
                  "the control plane already serves " + WATCHES_MAX + " watches: try again later")
              .asException());
      return;
    }
    Thread.ofVirtual().name("rollout-watch").start(() -> watch(migration, observer));
  }

  private void watch(String migration, ServerCallStreamObserver<GetRolloutResponse> observer) {
    try {
      GetRolloutResponse told = null;
      while (!leaving && !observer.isCancelled()) {
        told = tell(migration, told, observer);
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
      if (leaving && !observer.isCancelled()) {
        observer.onError(
            Status.UNAVAILABLE
                .withDescription("the control plane leaves: watch again")
                .asException());
      }
    } catch (StatusException e) {
      observer.onError(e);
    } catch (StoreException e) {
      observer.onError(MigrationGrpc.unavailable(e));
    } finally {
      room.release();
    }
  }

  private @Nullable GetRolloutResponse tell(
      String migration,
      @Nullable GetRolloutResponse told,
      ServerCallStreamObserver<GetRolloutResponse> observer)
      throws StatusException, StoreException {
    // Who is too slow is told the newest state once there is room for it.
    if (!observer.isReady()) {
      return told;
    }
    GetRolloutResponse now = look.at(migration);
    if (!now.equals(told)) {
      observer.onNext(now);
    }
    return now;
  }

  void leave() {
    leaving = true;
  }
}
