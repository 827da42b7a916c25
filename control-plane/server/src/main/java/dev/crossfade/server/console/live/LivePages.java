package dev.crossfade.server.console.live;

import dev.crossfade.server.console.page.Page;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Templates;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** All open pages that are kept up to date. */
public final class LivePages implements AutoCloseable {
  /** Windows at once; any more show how it was when they were opened. */
  public static final int STREAMS_MAX = 100;

  /** Then the browser comes back by itself and is asked anew who it is. */
  private static final Duration LIFE_MAX = Duration.ofMinutes(15);

  private final Templates templates;
  private final AtomicInteger streams = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, LiveTopic> topics = new HashMap<>();
  private boolean closed;

  /**
   * A page of a caller.
   *
   * @param caller tells callers apart; those who are nobody are the same
   */
  public record Key(String path, String caller) {}

  public LivePages(Templates templates) {
    this.templates = templates;
  }

  /**
   * Takes a place for a stream; false when there is none. Who has one must join or give it back.
   */
  public boolean reserve() {
    if (streams.incrementAndGet() > STREAMS_MAX) {
      streams.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Gives a place back. */
  public void giveBack() {
    streams.decrementAndGet();
  }

  /**
   * Keeps a page up to date until its window closes; on the loop, with a place that was reserved.
   */
  public void join(String caller, Page page, Viewer viewer, Context loop, HttpServerResponse to) {
    LiveStream stream = new LiveStream(loop, to);
    stream.begin();
    LiveTopic topic = joined(new Key(page.path(), caller), page, viewer, stream);
    long timer = loop.owner().setTimer(LIFE_MAX.toMillis(), late -> stream.end());
    AtomicBoolean left = new AtomicBoolean();
    Handler<Void> leave =
        gone -> {
          if (left.compareAndSet(false, true)) {
            loop.owner().cancelTimer(timer);
            giveBack();
            topic.leave(stream);
          }
        };
    to.endHandler(leave).closeHandler(leave);
  }

  private LiveTopic joined(Key key, Page page, Viewer viewer, LiveStream stream) {
    lock.lock();
    try {
      LiveTopic topic = topics.get(key);
      if (topic == null || !topic.join(stream)) {
        LiveTopic fresh = new LiveTopic(page, viewer, templates);
        fresh.join(stream);
        topics.put(key, fresh);
        Thread.ofVirtual().name("live").start(() -> run(key, fresh));
        topic = fresh;
      }
      if (closed) {
        topic.end();
      }
      return topic;
    } finally {
      lock.unlock();
    }
  }

  private void run(Key key, LiveTopic topic) {
    try {
      topic.run();
    } finally {
      lock.lock();
      try {
        topics.remove(key, topic);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Ends the streams of a caller who has left. */
  public void end(String caller) {
    lock.lock();
    try {
      topics.forEach(
          (key, topic) -> {
            if (key.caller().equals(caller)) {
              topic.end();
            }
          });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      topics.values().forEach(LiveTopic::end);
    } finally {
      lock.unlock();
    }
  }
}
