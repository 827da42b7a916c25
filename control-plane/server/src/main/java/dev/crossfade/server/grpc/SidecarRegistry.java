package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.engine.catalog.Change;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogState;
import dev.crossfade.server.store.QueryRow;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.SidecarRow;
import dev.crossfade.server.store.SidecarStore;
import dev.crossfade.server.store.StoreException;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sidecars of this replica: pushes snapshots and heartbeats, ends silent streams, and keeps the
 * table of sidecars that all replicas show.
 *
 * <p>Locks are taken in the order feed, session; nothing here is called while a session's lock is
 * held.
 */
public final class SidecarRegistry implements CatalogFeed.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SidecarRegistry.class);
  private static final int SIDECARS_MAX = 2_000;
  private static final Duration PULSE = Duration.ofSeconds(5);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(15);
  private static final Duration WRITE_EVERY = Duration.ofSeconds(3);
  private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

  private final CatalogFeed feed;
  private final SidecarStore store;
  private final InventoryWriter inventory;
  private final InstantSource clock;
  private final Set<SidecarSession> sessions = ConcurrentHashMap.newKeySet();
  private final Map<SidecarKey, SidecarSession> named = new ConcurrentHashMap<>();
  private final Map<SidecarKey, SidecarRow> gone = new ConcurrentHashMap<>();
  private final ScheduledExecutorService pulse = single("sidecar-pulse");
  private final ScheduledExecutorService writer = single("sidecar-writer");
  private volatile Snapshot snapshot;
  private boolean writing = true;

  private SidecarRegistry(
      CatalogFeed feed, SidecarStore store, QueryStore queries, InstantSource clock) {
    this.feed = feed;
    this.store = store;
    this.inventory = new InventoryWriter(queries);
    this.clock = clock;
    this.snapshot = Wire.snapshot(CatalogState.EMPTY);
  }

  /** Follows the feed, which has been started, and begins to pulse. */
  public static SidecarRegistry start(
      CatalogFeed feed, SidecarStore store, QueryStore queries, InstantSource clock) {
    SidecarRegistry registry = new SidecarRegistry(feed, store, queries, clock);
    registry.changed(feed.subscribe(registry), List.of());
    registry.pulse.scheduleAtFixedRate(
        registry::pulse, PULSE.toMillis(), PULSE.toMillis(), TimeUnit.MILLISECONDS);
    registry.writer.scheduleWithFixedDelay(
        registry::write, WRITE_EVERY.toMillis(), WRITE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    registry.writer.scheduleWithFixedDelay(
        registry::forget, FORGET_EVERY.toMillis(), FORGET_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return registry;
  }

  private static ScheduledExecutorService single(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  /** A stream begins. */
  SidecarSession begin(ServerCallStreamObserver<ControlMessage> observer) {
    SidecarSession session = new SidecarSession(this, observer, clock.instant());
    observer.setOnCancelHandler(session::cancelled);
    observer.setOnReadyHandler(session::push);
    if (sessions.size() >= SIDECARS_MAX) {
      session.end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "this control plane already serves "
                  + SIDECARS_MAX
                  + " sidecars: try another replica"));
    } else {
      sessions.add(session);
    }
    return session;
  }

  /** A session has a name now, and it is the only one with it. */
  void named(SidecarSession session, SidecarKey key) {
    SidecarSession before = named.put(key, session);
    if (before != null && before != session) {
      before.end(
          Status.ABORTED.withDescription(
              "another stream of "
                  + key.service()
                  + "/"
                  + key.instance()
                  + " took this one's place"));
    }
    gone.remove(key);
    if (session.isOver()) {
      // It ended while it was being named.
      over(session);
    }
  }

  /** A session is over. */
  void over(SidecarSession session) {
    sessions.remove(session);
    session
        .row()
        .ifPresent(
            row -> {
              SidecarKey key = SidecarKey.of(row.identity());
              if (named.remove(key, session)) {
                gone.put(key, row);
              }
            });
  }

  /** What it has to tell has changed: other replicas are to know it soon. */
  void noticed(SidecarSession session) {
    try {
      session.row().ifPresent(row -> writer.execute(() -> write(List.of(row))));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("The last writing of the table of sidecars is under way");
    }
  }

  Instant now() {
    return clock.instant();
  }

  /** The newest snapshot; the same object as long as it is. */
  Snapshot snapshot() {
    return snapshot;
  }

  long version() {
    return feed.state().version();
  }

  /**
   * Makes sure that the snapshot is not older than what a sidecar already has, when that can be
   * had.
   */
  void catchUpTo(long version) {
    if (version <= snapshot.getVersion()) {
      return;
    }
    try {
      feed.refresh();
    } catch (StoreException e) {
      LOG.atDebug()
          .setCause(e)
          .log("A sidecar knows a newer version, and the database cannot be asked");
    }
  }

  @Override
  public void changed(CatalogState state, List<Change> changes) {
    snapshot = Wire.snapshot(state);
    for (SidecarSession session : sessions) {
      session.push();
    }
  }

  private void pulse() {
    Instant tooOld = clock.instant().minus(SILENCE_MAX);
    for (SidecarSession session : sessions) {
      if (session.lastHeard().isBefore(tooOld)) {
        session.end(
            Status.DEADLINE_EXCEEDED.withDescription(
                "nothing was heard for " + SILENCE_MAX.toSeconds() + " seconds"));
      } else {
        session.heartbeat(snapshot.getVersion());
      }
    }
  }

  private void write() {
    Map<SidecarKey, SidecarRow> rows = new HashMap<>(gone);
    for (SidecarSession session : named.values()) {
      session.row().ifPresent(row -> rows.put(SidecarKey.of(row.identity()), row));
    }
    if (write(rows.values())) {
      rows.forEach(gone::remove);
    }
  }

  /** On the writer's thread. */
  private boolean write(Collection<SidecarRow> rows) {
    try {
      if (!rows.isEmpty()) {
        store.put(rows);
        writing = true;
      }
      return true;
    } catch (StoreException e) {
      if (writing) {
        writing = false;
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("The table of sidecars is not up to date");
      }
      return false;
    }
  }

  /**
   * Keeps what a sidecar saw.
   *
   * @param stored run on another thread when it is in the database
   */
  void store(QueryRow.Page page, Runnable stored) {
    inventory.add(page, stored);
  }

  private void forget() {
    inventory.forget();
    try {
      store.forgetLongGone();
    } catch (StoreException e) {
      LOG.atDebug().setCause(e).log("Long gone sidecars are forgotten later");
    }
  }

  /** All sidecars of all replicas; those of this one as they are now. */
  public Collection<SidecarRow> list(String service) throws StoreException {
    Map<SidecarKey, SidecarRow> rows = new TreeMap<>();
    for (SidecarRow row : store.list(service)) {
      rows.put(SidecarKey.of(row.identity()), row);
    }
    for (SidecarRow row : gone.values()) {
      put(rows, row, service);
    }
    for (SidecarSession session : named.values()) {
      session.row().ifPresent(row -> put(rows, row, service));
    }
    return rows.values();
  }

  private static void put(Map<SidecarKey, SidecarRow> rows, SidecarRow row, String service) {
    if (service.isEmpty() || service.equals(row.identity().service())) {
      rows.merge(
          SidecarKey.of(row.identity()),
          row,
          (old, mine) -> mine.connectedAt().isBefore(old.connectedAt()) ? old : mine);
    }
  }

  /**
   * Ends all streams, so that the sidecars look for another replica, and writes the table a last
   * time.
   */
  public void leave() {
    for (SidecarSession session : sessions) {
      session.end(Status.UNAVAILABLE.withDescription("the control plane leaves: connect again"));
    }
  }

  @Override
  public void close() {
    feed.unsubscribe(this);
    pulse.shutdownNow();
    writer.execute(this::write);
    writer.shutdown();
    try {
      if (!writer.awaitTermination(WRITE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
