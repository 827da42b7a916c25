package dev.crossfade.server.flags;

import dev.crossfade.engine.flag.FlagDefinition;
import dev.crossfade.server.flags.UnleashApi.Answer;
import dev.crossfade.server.move.Mover;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.FlagLease;
import dev.crossfade.server.store.FlagReadings;
import dev.crossfade.server.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Unleash for as long as this control plane holds the lease, and has the migrations follow.
 * One thread: it looks once a second, when it is time to ask, and at once when the catalog changes.
 */
public final class FlagFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlagFollower.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(8);

  /** As long as an answer that does not come, twice over. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  private final UnleashSettings settings;
  private final UnleashApi api;
  private final FlagLease lease;
  private final CatalogFeed feed;
  private final FollowedMigrations migrations;
  private final Semaphore kicks = new Semaphore(0);
  private final Thread thread = Thread.ofPlatform().name("flags").daemon().unstarted(this::run);
  private final CatalogFeed.Listener listener = (state, changes) -> kicks.release();
  private volatile boolean closing;

  // Of the thread alone.
  private long term;
  private long askAtNanos = System.nanoTime();
  private @Nullable Map<String, FlagDefinition> flags;
  private String away = "";
  private boolean storeAnswers = true;

  /** What the control plane keeps. */
  public record Stores(CatalogStore catalog, FlagLease lease, FlagReadings readings) {}

  private FlagFollower(
      UnleashSettings settings, Stores stores, CatalogFeed feed, Mover mover, InstantSource clock) {
    this.settings = settings;
    this.api = new UnleashApi(settings);
    this.lease = stores.lease();
    this.feed = feed;
    this.migrations =
        new FollowedMigrations(
            settings, new FollowedMigrations.Catalog(stores, feed, mover), clock);
  }

  /**
   * @param mover does what a kill switch's rollback needs
   */
  public static FlagFollower start(
      UnleashSettings settings, Stores stores, CatalogFeed feed, Mover mover) {
    FlagFollower follower = new FlagFollower(settings, stores, feed, mover, InstantSource.system());
    feed.subscribe(follower.listener);
    follower.thread.start();
    return follower;
  }

  private void run() {
    while (!closing) {
      try {
        look();
        if (!storeAnswers) {
          storeAnswers = true;
          LOG.info("Flags are followed again");
        }
      } catch (StoreException | RuntimeException e) {
        if (storeAnswers) {
          storeAnswers = false;
          LOG.atWarn().setCause(e).log("Flags can not be followed: all shares stay as they are");
        }
      }
      pause();
    }
  }

  private void look() throws StoreException {
    OptionalLong held = lease.hold(term);
    if (held.isEmpty()) {
      term = 0;
      return;
    }
    if (held.getAsLong() != term) {
      LOG.atInfo().addKeyValue("unleash", settings).log("This control plane asks Unleash");
      term = held.getAsLong();
      migrations.forgetWritten();
      askAtNanos = System.nanoTime();
    }
    if (System.nanoTime() - askAtNanos >= 0) {
      // From the beginning of one question to that of the next, or it would never be in time.
      askAtNanos = System.nanoTime() + settings.poll().toNanos();
      ask();
    }
    Map<String, FlagDefinition> known = flags;
    if (known != null) {
      migrations.follow(term, known);
    }
  }

  private void ask() throws StoreException {
    Answer answer = api.ask();
    String why =
        switch (answer) {
          case UnleashApi.Told told -> {
            flags = told.flags();
            yield "";
          }
          case UnleashApi.Same same -> "";
          case UnleashApi.Away gone -> gone.why();
        };
    if (!why.isEmpty() && away.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("reason", why)
          .log("Unleash does not answer: all shares stay as they are");
    } else if (why.isEmpty() && !away.isEmpty()) {
      LOG.info("Unleash answers again");
    }
    away = why;
    lease.heard(term, settings.staleAfter(), why);
  }

  private void pause() {
    long untilQuestion = askAtNanos - System.nanoTime();
    boolean asks = term != 0 && storeAnswers;
    long wait = asks ? Math.clamp(untilQuestion, 0, LOOK.toNanos()) : LOOK.toNanos();
    try {
      kicks.tryAcquire(wait, TimeUnit.NANOSECONDS);
      kicks.drainPermits();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  /** Leaves the lease to others at once. */
  @Override
  public void close() {
    closing = true;
    feed.unsubscribe(listener);
    kicks.release();
    try {
      thread.join(CLOSE_MAX);
      if (term != 0) {
        lease.release(term);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StoreException e) {
      LOG.atDebug().setCause(e).log("The lease on asking Unleash runs out by itself");
    }
  }
}
