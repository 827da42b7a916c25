package dev.crossfade.server.grpc;

import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Semaphore;

/** The calls of a service that are answered at once: bounded in number, their failures mapped. */
final class Calls {
  private final Semaphore room;

  Calls(int most) {
    this.room = new Semaphore(most);
  }

  /** What makes an answer. */
  interface Answer<T> {
    T get() throws StatusException, StoreException;
  }

  <T> void answer(StreamObserver<T> observer, Answer<T> answer) {
    if (!room.tryAcquire()) {
      observer.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("the control plane already answers such calls: try again")
              .asException());
      return;
    }
    try {
      observer.onNext(answer.get());
      observer.onCompleted();
    } catch (StatusException e) {
      observer.onError(e);
    } catch (StoreException e) {
      observer.onError(MigrationGrpc.unavailable(e));
    } finally {
      room.release();
    }
  }
}
