package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.CatalogLimits;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogState;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The watches of this replica. */
final class Watchers {
  private static final int WATCHES_MAX = 200;
  private static final int QUEUE_MAX = CatalogLimits.MIGRATIONS_MAX + 1_000;

  private final CatalogFeed feed;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  Watchers(CatalogFeed feed) {
    this.feed = feed;
  }

  /**
   * @param name of one migration, or empty for all
   */
  void begin(String name, ServerCallStreamObserver<WatchEvent> observer) {
    Watch watch = new Watch(name, observer);
    observer.setOnCancelHandler(() -> forget(watch));
    observer.setOnReadyHandler(watch::drain);
    if (watches.size() >= WATCHES_MAX) {
      watch.end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "the control plane already serves " + WATCHES_MAX + " watches: try again later"));
      return;
    }
    watches.add(watch);
    watch.begin();
  }

  void leave() {
    for (Watch watch : watches) {
      watch.end(Status.UNAVAILABLE.withDescription("the control plane leaves: watch again"));
    }
  }

  private void forget(Watch watch) {
    watches.remove(watch);
    feed.unsubscribe(watch);
  }

  /** One watch: a bounded queue in front of its stream. */
  private final class Watch implements CatalogFeed.Listener {
    private final String name;
    private final ServerCallStreamObserver<WatchEvent> observer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<WatchEvent> queue = new ArrayDeque<>();
    private boolean begun;
    private boolean over;

    Watch(String name, ServerCallStreamObserver<WatchEvent> observer) {
      this.name = name;
      this.observer = observer;
    }

    /** The feed's lock is taken outside of the watch's own, as in {@link #changed}. */
    void begin() {
      CatalogState state = feed.subscribe(this);
      lock.lock();
      try {
        // What changed since subscribe() already waits in the queue; the state comes before it.
        List<WatchEvent> after = List.copyOf(queue);
        queue.clear();
        for (CatalogEntry entry : state.entries().values()) {
          if (isWatched(entry.name())) {
            queue.add(Wire.current(state.version(), entry));
          }
        }
        queue.addAll(after);
        begun = true;
      } finally {
        lock.unlock();
      }
      drain();
    }

    @Override
    public void changed(CatalogState state, List<Change> changes) {
      lock.lock();
      try {
        for (Change change : changes) {
          CatalogEntry entry = state.entries().get(change.migration());
          if (entry != null && isWatched(change.migration())) {
            queue.add(Wire.event(entry, change));
          }
        }
      } finally {
        lock.unlock();
      }
      drain();
    }

    private boolean isWatched(String migration) {
      return name.isEmpty() || name.equals(migration);
    }

    void drain() {
      lock.lock();
      try {
        if (!begun || over) {
          return;
        }
        while (observer.isReady() && !queue.isEmpty()) {
          observer.onNext(queue.remove());
        }
        if (queue.size() > QUEUE_MAX) {
          end(
              Status.RESOURCE_EXHAUSTED.withDescription(
                  "the watcher is too slow for the changes: watch again"));
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
          queue.clear();
          observer.onError(why.asException());
        }
      } finally {
        lock.unlock();
      }
      forget(this);
    }
  }
}
