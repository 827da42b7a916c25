package dev.crossfade.server.signal;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to know that something has come. Each is told on a thread of its own. */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();

  /** One of them, with what it is still to be told: each migration once. */
  private final class Listener implements AutoCloseable {
    private final Consumer<String> told;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean over;

    private Listener(Consumer<String> told) {
      this.told = told;
    }

    private void changed(String migration) {
      lock.lock();
      try {
        if (waiting.add(migration)) {
          more.signal();
        }
      } finally {
        lock.unlock();
      }
    }

    private void run() {
      for (String next = next(); !next.isEmpty(); next = next()) {
        try {
          told.accept(next);
        } catch (RuntimeException e) {
          LOG.atError().setCause(e).log("Somebody could not take in that signals have come");
        }
      }
    }

    /** Empty when it is over. */
    private String next() {
      lock.lock();
      try {
        while (waiting.isEmpty() && !over) {
          more.awaitUninterruptibly();
        }
        if (over) {
          return "";
        }
        String next = waiting.iterator().next();
        waiting.remove(next);
        return next;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      listeners.remove(this);
      lock.lock();
      try {
        over = true;
        more.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  AutoCloseable subscribe(Consumer<String> told) {
    Listener listener = new Listener(told);
    listeners.add(listener);
    Thread.ofVirtual().name("signal-listener").start(listener::run);
    return listener;
  }

  void changed(String migration) {
    for (Listener listener : listeners) {
      listener.changed(migration);
    }
  }

  void close() {
    listeners.forEach(Listener::close);
  }
}
