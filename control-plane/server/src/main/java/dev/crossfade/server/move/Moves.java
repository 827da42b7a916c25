package dev.crossfade.server.move;

import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.MoveRow;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves that this control plane works on. One thread takes moves that nobody works on and holds
 * them; each has a thread of its own besides.
 */
public final class Moves implements Mover, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Moves.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(3);

  private final MoveStore store;
  private final Jobs jobs;
  private final MoveRun.@Nullable Surroundings surroundings;
  private final Duration poll;
  private final List<MoveRun> runs = new CopyOnWriteArrayList<>();
  private final Semaphore kicks = new Semaphore(0);
  private final Thread thread = Thread.ofPlatform().name("moves").daemon().unstarted(this::run);
  private volatile boolean closing;

  /**
   * How moves are done.
   *
   * @param lease for how long a move is held without a sign of its owner
   * @param poll how often the owner gives one
   * @param begin within what time a move must be decided, or it has failed
   * @param calm how long the mirror may take to come close behind
   * @param verified how old the last verification may be for LIVE
   * @param follow for how long sidecars are waited for
   * @param measure for how long a way back may be kept waiting until it is known what it would lose
   */
  public record Limits(
      Duration lease,
      Duration poll,
      Duration begin,
      Duration calm,
      Duration verified,
      Duration follow,
      Duration measure) {
    public static final Limits USUAL =
        new Limits(
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(60),
            Duration.ofHours(24),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));
  }

  /** What the control plane keeps. */
  public record Stores(
      MoveStore moves,
      CatalogStore catalog,
      JobStore jobs,
      Evidence evidence,
      QueryStore queries) {}

  private Moves(
      MoveStore store, Jobs jobs, MoveRun.@Nullable Surroundings surroundings, Duration poll) {
    this.store = store;
    this.jobs = jobs;
    this.surroundings = surroundings;
    this.poll = poll;
  }

  /**
   * @param databases null when this control plane does not know any: then it does no move
   * @param jobs says the same of a migration
   * @param steps is told of each step of each move
   */
  public static Moves start(
      Stores stores,
      Followers sidecars,
      @Nullable DatabasesFile databases,
      Jobs jobs,
      MoveSteps steps) {
    Limits limits = Limits.USUAL;
    Preflight preflight =
        new Preflight(
            new Preflight.Sources(
                stores.catalog(), stores.jobs(), stores.evidence(), stores.queries(), sidecars),
            new Preflight.Limits(limits.verified(), limits.follow(), limits.measure()));
    Moves moves =
        new Moves(
            stores.moves(),
            jobs,
            databases == null
                ? null
                : new MoveRun.Surroundings(
                    stores.moves(),
                    stores.catalog(),
                    databases,
                    preflight,
                    new MoveRun.Limits(limits.begin(), limits.calm()),
                    steps),
            limits.poll());
    moves.thread.start();
    return moves;
  }

  /** Lets it look at once. */
  @Override
  public void kick() {
    kicks.release();
  }

  @Override
  public Optional<String> obstacle(String migration) {
    return jobs.obstacle(migration);
  }

  private void run() {
    while (!closing) {
      try {
        runs.removeIf(MoveRun::hasEnded);
        for (MoveRun run : runs) {
          run.renew();
        }
        while (!closing && claim()) {
          LOG.atDebug().log("Another move was taken");
        }
      } catch (StoreException | RuntimeException e) {
        LOG.atWarn().setCause(e).log("The moves can not be held");
      }
      pause();
    }
  }

  private void pause() {
    try {
      kicks.tryAcquire(poll.toMillis(), TimeUnit.MILLISECONDS);
      kicks.drainPermits();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  private boolean claim() throws StoreException {
    MoveRun.Surroundings with = surroundings;
    if (with == null) {
      return false;
    }
    Optional<MoveRow> move = store.claim(migration -> obstacle(migration).isEmpty());
    move.ifPresent(row -> runs.add(MoveRun.start(row, with)));
    return move.isPresent();
  }

  /** Lets all moves stop where they may; others go on with them. */
  @Override
  public void close() {
    closing = true;
    kick();
    long deadline = System.nanoTime() + CLOSE_MAX.toNanos();
    try {
      thread.join(CLOSE_MAX);
      runs.forEach(MoveRun::stop);
      for (MoveRun run : runs) {
        run.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
