package dev.crossfade.server.console.live;

import dev.crossfade.api.v1.WatchEvent;
import dev.crossfade.api.v1.WatchRequest;
import dev.crossfade.server.console.calls.Refusal;
import dev.crossfade.server.console.page.Page;
import dev.crossfade.server.console.page.Part;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Templates;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One page as one caller sees it, however many windows show it. Made anew as often as it wants,
 * usually every second, and at once when the catalog changes; what differs is sent.
 */
final class LiveTopic implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTopic.class);

  /** Between signs of life, so that nobody on the way takes the stream for dead. */
  private static final Duration BEAT = Duration.ofSeconds(10);

  private static final String TROUBLE = "trouble";

  private final Page page;
  private final Viewer viewer;
  private final Templates templates;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Set<LiveStream> streams = new HashSet<>();
  private final Map<String, String> last = new LinkedHashMap<>();
  private final AtomicBoolean watching = new AtomicBoolean();
  private boolean kicked;
  private boolean over;

  LiveTopic(Page page, Viewer viewer, Templates templates) {
    this.page = page;
    this.viewer = viewer;
    this.templates = templates;
  }

  /** False when it has ended meanwhile, and another one has to be made. */
  boolean join(LiveStream stream) {
    lock.lock();
    try {
      if (over) {
        return false;
      }
      streams.add(stream);
      stream.send(new LinkedHashMap<>(last));
      return true;
    } finally {
      lock.unlock();
    }
  }

  void leave(LiveStream stream) {
    lock.lock();
    try {
      streams.remove(stream);
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all streams. */
  void end() {
    lock.lock();
    try {
      over = true;
      streams.forEach(LiveStream::end);
      streams.clear();
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  private void kick() {
    lock.lock();
    try {
      kicked = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    Context.CancellableContext watch = Context.current().withCancellation();
    try {
      int looks = 0;
      long looksPerBeat = Math.max(1, BEAT.dividedBy(page.every()));
      do {
        if (watching.compareAndSet(false, true)) {
          watch.run(this::watch);
        }
        look();
        if (++looks % looksPerBeat == 0) {
          beat();
        }
      } while (awaitNext());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("page", page.path()).log("A page is no longer live");
    } finally {
      watch.cancel(null);
      end();
    }
  }

  private void look() {
    Map<String, String> now = new LinkedHashMap<>();
    try {
      for (Part part : page.parts(viewer)) {
        now.put(part.id(), part.html());
      }
      now.put(TROUBLE, "");
    } catch (StatusRuntimeException e) {
      Refusal refusal = Refusal.of(e);
      now.put(TROUBLE, templates.render("part/trouble", Map.of("refusal", refusal)));
    }
    publish(now);
  }

  private void publish(Map<String, String> now) {
    lock.lock();
    try {
      Map<String, String> changed = new LinkedHashMap<>(now);
      changed.entrySet().removeIf(part -> part.getValue().equals(last.get(part.getKey())));
      last.putAll(changed);
      if (!changed.isEmpty()) {
        streams.forEach(stream -> stream.send(changed));
      }
    } finally {
      lock.unlock();
    }
  }

  private void beat() {
    lock.lock();
    try {
      streams.forEach(LiveStream::beat);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next look; false when nobody is there any more. */
  private boolean awaitNext() throws InterruptedException {
    lock.lock();
    try {
      long left = page.every().toNanos();
      while (left > 0 && !kicked && !over && !streams.isEmpty()) {
        left = woken.awaitNanos(left);
      }
      kicked = false;
      if (streams.isEmpty()) {
        over = true;
      }
      return !over;
    } finally {
      lock.unlock();
    }
  }

  /** Is told of changes of the catalog; where that fails, the next second does. */
  private void watch() {
    viewer
        .calls()
        .migrationStreams()
        .watch(
            WatchRequest.getDefaultInstance(),
            new StreamObserver<>() {
              @Override
              public void onNext(WatchEvent event) {
                if (event.hasChange()) {
                  kick();
                }
              }

              @Override
              public void onError(Throwable failure) {
                watching.set(false);
              }

              @Override
              public void onCompleted() {
                watching.set(false);
              }
            });
  }
}
