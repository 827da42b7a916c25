package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.Signals;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The watches of signals of this replica. A watch that does not keep up misses what came meanwhile,
 * and gets what is true when it does: nothing queues up.
 */
final class SignalWatches {
  private static final int WATCHES_MAX = 200;

  private final dev.crossfade.server.signal.Signals signals;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("signal-watches").factory());

  SignalWatches(dev.crossfade.server.signal.Signals signals) {
    this.signals = signals;
    clock.scheduleAtFixedRate(() -> watches.forEach(Watch::send), 1, 1, TimeUnit.SECONDS);
  }

  void begin(SignalGrpc.Wanted wanted, ServerCallStreamObserver<Signals> observer) {
    Watch watch = new Watch(wanted, observer);
    observer.setOnCancelHandler(() -> watches.remove(watch));
    if (watches.size() >= WATCHES_MAX) {
      watch.end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "the control plane already serves " + WATCHES_MAX + " watches: try again later"));
      return;
    }
    watches.add(watch);
    watch.send();
  }

  void leave() {
    clock.shutdownNow();
    for (Watch watch : watches) {
      watch.end(Status.UNAVAILABLE.withDescription("the control plane leaves: watch again"));
    }
  }

  private final class Watch {
    private final SignalGrpc.Wanted wanted;
    private final ServerCallStreamObserver<Signals> observer;
    private final ReentrantLock lock = new ReentrantLock();
    private Signals last = Signals.getDefaultInstance();
    private boolean over;

    Watch(SignalGrpc.Wanted wanted, ServerCallStreamObserver<Signals> observer) {
      this.wanted = wanted;
      this.observer = observer;
    }

    /** Unless nothing but the time has changed. */
    void send() {
      lock.lock();
      try {
        if (over || !observer.isReady()) {
          return;
        }
        Signals now = wanted.of(signals);
        Signals timeless = now.toBuilder().clearAt().clearWindow().build();
        if (!timeless.equals(last)) {
          last = timeless;
          observer.onNext(now);
        }
      } finally {
        lock.unlock();
      }
    }

    void end(Status why) {
      lock.lock();
      try {
        if (!over) {
          over = true;
          observer.onError(why.asException());
        }
      } finally {
        lock.unlock();
      }
      watches.remove(this);
    }
  }
}
