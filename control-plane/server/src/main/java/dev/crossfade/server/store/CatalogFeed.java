package dev.crossfade.server.store;

import dev.crossfade.engine.catalog.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest state of the catalog in memory and tells of every change, whichever replica made
 * it.
 *
 * <pre>
 * a change here -----------------> refresh() --,
 * NOTIFY from any replica --,                  +--> what changed since the version here --> listeners
 * every second -------------+--> own thread ---'
 * </pre>
 *
 * <p>The one-second poll makes a lost notification harmless. While the database is away the last
 * state stays, and sidecars are served from it.
 */
public final class CatalogFeed implements AutoCloseable {
  /** Hears of the catalog's changes in their order. Must not block. */
  public interface Listener {
    /**
     * @param state the newest
     * @param changes what led from the state before to it; empty when the database was restored to
     *     an older state
     */
    void changed(CatalogState state, List<Change> changes);
  }

  /** Opens the connection that listens; it is not one of the pool. */
  public interface ListenConnections {
    Connection open() throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(CatalogFeed.class);
  private static final Duration POLL_EVERY = Duration.ofSeconds(1);
  private static final int CHANGES_PER_REFRESH_MAX = 2_000;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  private final CatalogStore store;
  private final ListenConnections connections;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock refreshing = new ReentrantLock();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().name("catalog-feed").daemon().unstarted(this::run);
  private volatile CatalogState state = CatalogState.EMPTY;
  private volatile Consumer<Boolean> databaseListener = reachable -> {};
  private volatile @Nullable Connection listening;

  /** Of the feed's thread alone. */
  private boolean databaseReachable = true;

  public CatalogFeed(CatalogStore store, ListenConnections connections) {
    this.store = store;
    this.connections = connections;
  }

  /**
   * Reads the catalog and follows it from then on.
   *
   * @throws StoreException when it cannot be read now
   */
  public void start() throws StoreException {
    refresh();
    thread.start();
  }

  public CatalogState state() {
    return state;
  }

  /**
   * Calls {@code listener} on the feed's thread whenever the database goes away (false) or comes
   * back (true).
   */
  public void onDatabase(Consumer<Boolean> listener) {
    databaseListener = listener;
  }

  /** Adds a listener, which hears of every change after the state that is returned. */
  public CatalogState subscribe(Listener listener) {
    refreshing.lock();
    try {
      listeners.add(listener);
      return state;
    } finally {
      refreshing.unlock();
    }
  }

  public void unsubscribe(Listener listener) {
    listeners.remove(listener);
  }

  /** Reads what changed and tells the listeners, on this thread. */
  public CatalogState refresh() throws StoreException {
    refreshing.lock();
    try {
      CatalogState before = state;
      CatalogStore.Delta delta = store.since(before.version(), CHANGES_PER_REFRESH_MAX);
      if (delta.version() == before.version()) {
        return before;
      }
      if (delta.version() < before.version()) {
        LOG.atWarn()
            .addKeyValue("version", delta.version())
            .addKeyValue("before", before.version())
            .log("The database went back to an older version: following it");
        before = CatalogState.EMPTY;
      }
      CatalogState after = before.with(delta.version(), delta.entries());
      state = after;
      for (Listener listener : listeners) {
        tell(listener, after, delta.changes());
      }
      return after;
    } finally {
      refreshing.unlock();
    }
  }

  private static void tell(Listener listener, CatalogState state, List<Change> changes) {
    try {
      listener.changed(state, changes);
    } catch (RuntimeException e) {
      // One broken listener must not keep the change from the others.
      LOG.atError()
          .setCause(e)
          .addKeyValue("version", state.version())
          .log("A listener of the catalog failed");
    }
  }

  private void run() {
    while (!isClosing()) {
      try (Connection connection = connections.open()) {
        listening = connection;
        follow(connection);
      } catch (SQLException | StoreException e) {
        databaseGone(e);
      }
    }
  }

  private void follow(Connection connection) throws SQLException, StoreException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CatalogStore.CHANNEL);
    }
    PGConnection notifications = connection.unwrap(PGConnection.class);
    while (!isClosing()) {
      refresh();
      if (!databaseReachable) {
        databaseReachable = true;
        LOG.info("The database is back");
        databaseListener.accept(true);
      }
      notifications.getNotifications((int) POLL_EVERY.toMillis());
    }
  }

  private void databaseGone(Exception why) {
    if (isClosing()) {
      return;
    }
    if (databaseReachable) {
      databaseReachable = false;
      LOG.atWarn()
          .addKeyValue("reason", why.getMessage())
          .log("The database cannot be reached: sidecars are served from memory until it is back");
      databaseListener.accept(false);
    }
    try {
      closing.await(POLL_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  @Override
  public void close() {
    closing.countDown();
    Connection connection = listening;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.atDebug().setCause(e).log("Aborting the listening connection failed");
      }
    }
    try {
      thread.join(CLOSE_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
