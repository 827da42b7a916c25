package dev.crossfade.server.move;

import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.MoveEnd;
import dev.crossfade.engine.catalog.MoveStep;
import dev.crossfade.engine.catalog.Transition;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Flip;
import dev.crossfade.mirror.FlipException;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.job.Failure;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.MoveRow;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A move at work, on a thread of its own.
 *
 * <pre>
 *   BEGUN -- preflight --> CHECKED -- flip: CALM, CLOSED, DRAINED -- ask the store --> READY, LEFT, ARRIVED --> end
 *     '--------------------- whatever is wrong: it has failed ------'   '- whatever is wrong: look and try again
 * </pre>
 *
 * <p>Up to READY nothing has happened, and what is wrong ends it. From there on it may have
 * happened: then only what both databases say ends it.
 */
final class MoveRun {
  private static final Logger LOG = LoggerFactory.getLogger(MoveRun.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final MoveRow row;
  private final Surroundings surroundings;
  private final CountDownLatch halted = new CountDownLatch(1);
  private final Thread thread;
  private volatile MoveStep step;
  private volatile String waits = "";

  /**
   * What it works with.
   *
   * @param databases where the databases of migrations are
   * @param steps is told of all that is done, once the store knows of what it must know
   */
  record Surroundings(
      MoveStore moves,
      CatalogStore catalog,
      DatabasesFile databases,
      Preflight preflight,
      Limits limits,
      MoveSteps steps) {}

  /**
   * @param begin within what time it must be decided
   * @param calm how long the mirror may take to come close
   */
  record Limits(Duration begin, Duration calm) {}

  private MoveRun(MoveRow row, Surroundings surroundings) {
    this.row = row;
    this.surroundings = surroundings;
    this.step = row.move().progress().step();
    this.thread = Thread.ofPlatform().daemon().name("move-" + row.migration()).unstarted(this::run);
  }

  static MoveRun start(MoveRow row, Surroundings surroundings) {
    MoveRun run = new MoveRun(row, surroundings);
    run.thread.start();
    return run;
  }

  /** Holds it and tells how far it has come; stops it where others have it, or it is over. */
  void renew() throws StoreException {
    if (!surroundings.moves().renew(row, step, waits)) {
      stop();
    }
  }

  /** Lets it go no further than it must; another one goes on with it. Never waits. */
  void stop() {
    halted.countDown();
  }

  boolean hasEnded() {
    return !thread.isAlive();
  }

  void join(Duration most) throws InterruptedException {
    thread.join(most);
  }

  private boolean isHalted() {
    return halted.getCount() == 0;
  }

  private boolean pause(Duration most) {
    try {
      return halted.await(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      return true;
    }
  }

  private void run() {
    LOG.atInfo()
        .addKeyValue("migration", row.migration())
        .addKeyValue("transition", row.move().transition())
        .addKeyValue("step", step)
        .addKeyValue("term", row.term())
        .log("A move is worked on");
    Optional<MoveEnd> end = work();
    if (end.isPresent()) {
      tell(end.get());
    } else {
      release();
    }
  }

  /** Empty when it was stopped. */
  private Optional<MoveEnd> work() {
    Duration pause = FIRST_PAUSE;
    while (!isHalted()) {
      String wrong;
      try {
        return Optional.of(attempt());
      } catch (StoppedException e) {
        return Optional.empty();
      } catch (FlipException | InvalidFileException | NotMirroredException e) {
        wrong = String.valueOf(e.getMessage());
      } catch (CatalogTooLargeException | StoreException e) {
        wrong = String.valueOf(e.getMessage());
      } catch (SQLException e) {
        wrong = Failure.of(e).message();
      } catch (QueryException e) {
        wrong = Failure.of(e).message();
      } catch (IOException e) {
        wrong = "the file of databases cannot be read: " + e.getMessage();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).addKeyValue("migration", row.migration()).log("A move failed");
        wrong = "it failed unexpectedly; the control plane's log says more";
      }
      if (isHalted()) {
        return Optional.empty();
      }
      if (!step.isDecided() || hasStayed()) {
        return Optional.of(new MoveEnd.Failed(wrong));
      }
      waits = "tries again in " + pause.toMillis() + " ms: " + wrong;
      LOG.atWarn()
          .addKeyValue("migration", row.migration())
          .addKeyValue("step", step)
          .addKeyValue("reason", wrong)
          .log("A move is tried again");
      pause(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
    return Optional.empty();
  }

  private MoveEnd attempt()
      throws StoppedException,
          FlipException,
          SQLException,
          QueryException,
          StoreException,
          IOException,
          InvalidFileException,
          NotMirroredException,
          CatalogTooLargeException {
    Optional<CatalogEntry> entry =
        surroundings.catalog().detail(row.migration(), 0).map(CatalogStore.Detail::entry);
    Optional<DatabasesFile.Sides> sides = surroundings.databases().of(row.migration());
    if (entry.isEmpty() || sides.isEmpty()) {
      throw new IOException("it no longer says where the databases are");
    }
    if (!step.isDecided()) {
      reached(MoveStep.BEGUN);
    }
    MoveTarget target = MoveTarget.open(entry.get().file(), sides.get());
    if (!step.isDecided()) {
      Optional<String> obstacle = obstacle(target);
      if (obstacle.isPresent()) {
        return new MoveEnd.Failed(obstacle.get());
      }
      reached(MoveStep.CHECKED);
    }
    if (row.move().transition() == Transition.FINISH) {
      Completion.run(target, this::reached);
      return new MoveEnd.Arrived(0, Duration.ZERO);
    }
    Flip.Outcome outcome = flip(target);
    return new MoveEnd.Arrived(outcome.fence().epoch(), outcome.pause());
  }

  private Optional<String> obstacle(MoveTarget target)
      throws StoppedException,
          StoreException,
          SQLException,
          QueryException,
          CatalogTooLargeException {
    Duration age = Duration.between(row.times().begunAt(), row.times().readAt());
    if (age.compareTo(surroundings.limits().begin()) > 0) {
      return Optional.of(
          "no control plane could do it within " + age.toMinutes() + " min: ask for it again");
    }
    Optional<String> obstacle = surroundings.preflight().obstacle(row, target, this::isHalted);
    if (isHalted()) {
      throw new StoppedException();
    }
    return obstacle;
  }

  private Flip.Outcome flip(MoveTarget target) throws FlipException {
    Transition transition = row.move().transition();
    return new Flip(
            target.link(transition.from().authority()),
            target.link(transition.to().authority()),
            new Flip.Settings(surroundings.limits().calm(), row.move().maxPause()),
            done -> reached(step(done)))
        .run();
  }

  private static MoveStep step(Flip.Step step) {
    return switch (step) {
      case CALM -> MoveStep.CALM;
      case CLOSED -> MoveStep.CLOSED;
      case DRAINED -> MoveStep.DRAINED;
      case READY -> MoveStep.READY;
      case LEFT -> MoveStep.LEFT;
      case ARRIVED -> MoveStep.ARRIVED;
    };
  }

  /** Writers may be waiting: only what decides it is written down before it goes on. */
  private void reached(MoveStep next) throws SQLException {
    if (!next.isDecided() && isHalted()) {
      throw new SQLException("the move is left to others");
    }
    boolean isAhead = next.compareTo(step) > 0;
    if (isAhead) {
      step = next;
    }
    if (next == MoveStep.READY) {
      decide();
    }
    surroundings.steps().done(next);
  }

  /**
   * Asks whether it may happen: it was not given up, and nobody else works on it. Whoever does so
   * later finds it READY.
   */
  private void decide() throws SQLException {
    FutureTask<Boolean> answer = new FutureTask<>(() -> surroundings.moves().decide(row));
    Thread.ofVirtual().name("decide-" + row.migration()).start(answer);
    try {
      if (!answer.get(row.move().maxPause().toNanos(), TimeUnit.NANOSECONDS)) {
        stop();
        throw new SQLException("it was given up, or another control plane works on it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("the control plane stops", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new SQLException("the control plane's database does not answer", e);
    }
  }

  /** Whether both databases say that nothing has happened, and that nobody is about to do it. */
  private boolean hasStayed() {
    if (row.move().transition() == Transition.FINISH) {
      return false;
    }
    try {
      Optional<DatabasesFile.Sides> sides = surroundings.databases().of(row.migration());
      return sides.isPresent() && Whereabouts.hasStayed(row, sides.get());
    } catch (IOException | InvalidFileException | QueryException e) {
      LOG.atDebug().setCause(e).log("It is not known where the authority is");
      return false;
    }
  }

  private void tell(MoveEnd end) {
    while (true) {
      try {
        Optional<?> verdict = surroundings.catalog().end(row, end);
        LOG.atInfo()
            .addKeyValue("migration", row.migration())
            .addKeyValue("transition", row.move().transition())
            .addKeyValue("end", verdict.isPresent() ? end : "with another control plane")
            .log("A move is no longer worked on");
        return;
      } catch (StoreException e) {
        LOG.atWarn()
            .setCause(e)
            .addKeyValue("migration", row.migration())
            .log("How a move ended could not be written yet");
      }
      if (pause(LONGEST_PAUSE)) {
        return;
      }
    }
  }

  private void release() {
    try {
      surroundings.moves().release(row);
    } catch (StoreException e) {
      LOG.atDebug().setCause(e).log("A move is left when its lease ends");
    }
  }
}
