package dev.crossfade.server.access;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A call that can be ended from outside when its caller stops to count. A service's own thread may
 * be sending at that moment, so whatever is sent takes the lock.
 */
final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  private final Credential credential;
  private final Caller caller;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;
  private volatile boolean sentAway;

  GuardedCall(ServerCall<Q, A> call, Credential credential, Caller caller) {
    super(call);
    this.credential = credential;
    this.caller = caller;
  }

  Credential credential() {
    return credential;
  }

  Caller caller() {
    return caller;
  }

  @Override
  public void sendHeaders(Metadata headers) {
    locked(() -> super.sendHeaders(headers));
  }

  @Override
  public void sendMessage(A message) {
    locked(() -> super.sendMessage(message));
  }

  @Override
  public void close(Status status, Metadata trailers) {
    locked(
        () -> {
          closed = true;
          super.close(status, trailers);
        });
  }

  /** Ends it; for the service it is as if the caller had gone. */
  void sendAway(Status why) {
    locked(
        () -> {
          sentAway = true;
          closed = true;
          super.close(why, new Metadata());
        });
  }

  /** Nothing that comes after the end is sent. */
  private void locked(Runnable send) {
    lock.lock();
    try {
      if (!closed) {
        send.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param over is run once when the call is
   */
  ServerCall.Listener<Q> listener(ServerCall.Listener<Q> service, Runnable over) {
    return new SimpleForwardingServerCallListener<>(service) {
      @Override
      public void onCancel() {
        over.run();
        super.onCancel();
      }

      @Override
      public void onComplete() {
        over.run();
        if (sentAway) {
          super.onCancel();
        } else {
          super.onComplete();
        }
      }
    };
  }
}
