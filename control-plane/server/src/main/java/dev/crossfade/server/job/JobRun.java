package dev.crossfade.server.job;

import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.JobLeases;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job at work, on a thread of its own, for as long as this control plane holds it. What passes (a
 * server that is away) is waited for; whatever else is wrong ends it.
 */
final class JobRun {
  static final int EXAMPLES_MAX = 20;
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final JobRow job;
  private final Surroundings surroundings;
  private final Halt halt = new Halt();
  private final Ledger ledger;
  private final Thread thread;
  private volatile long heldUntilNanos;

  /**
   * What it works with.
   *
   * @param patience for how long it waits for what may pass
   */
  record Surroundings(
      JobLeases leases, CatalogStore catalog, DatabasesFile databases, Duration patience) {}

  private JobRun(JobRow job, Surroundings surroundings) {
    this.job = job;
    this.surroundings = surroundings;
    this.ledger = new Ledger(surroundings.leases(), job, halt);
    this.thread = Thread.ofPlatform().daemon().name("job-" + job.id()).unstarted(this::run);
    held(System.nanoTime());
  }

  static JobRun start(JobRow job, Surroundings surroundings) {
    JobRun run = new JobRun(job, surroundings);
    run.thread.start();
    return run;
  }

  JobRow job() {
    return job;
  }

  /** The lease counts from a moment before it was asked for. */
  void held(long sinceNanos) {
    heldUntilNanos = sinceNanos + surroundings.leases().lease().toNanos();
  }

  boolean isHeld() {
    return System.nanoTime() - heldUntilNanos < 0;
  }

  /** Lets it stop after its present chunk. */
  void stop() {
    halt.ask();
  }

  boolean hasEnded() {
    return !thread.isAlive();
  }

  void join(Duration most) throws InterruptedException {
    thread.join(most);
  }

  private void run() {
    LOG.atInfo()
        .addKeyValue("job", job.id())
        .addKeyValue("kind", job.kind())
        .addKeyValue("migration", job.migration())
        .log("A job is worked on");
    Optional<String> error;
    try {
      error = work();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("job", job.id()).log("A job failed unexpectedly");
      error = Optional.of("it failed unexpectedly; the control plane's log says more");
    }
    ledger.write();
    try {
      if (error.isPresent()) {
        surroundings.leases().end(job, error.get());
      } else {
        surroundings.leases().release(job);
      }
    } catch (StoreException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("job", job.id())
          .log("How a job ended could not be written: it will be looked at again");
    }
    LOG.atInfo()
        .addKeyValue("job", job.id())
        .addKeyValue("done", ledger.progress().size().done())
        .addKeyValue("error", error.orElse("stopped"))
        .log("A job is no longer worked on");
  }

  /** Empty when it was stopped, the empty text when it is done, else what is wrong. */
  private Optional<String> work() {
    Duration pause = FIRST_PAUSE;
    long since = System.nanoTime();
    long done = -1;
    while (!halt.isAsked()) {
      Failure failure;
      try {
        return attempt() ? Optional.of("") : Optional.empty();
      } catch (SQLException e) {
        failure = Failure.of(e);
      } catch (QueryException e) {
        failure = Failure.of(e);
      } catch (StoreException e) {
        failure = Failure.passing(String.valueOf(e.getMessage()));
      } catch (InvalidFileException | NotMirroredException | CatalogTooLargeException e) {
        failure = Failure.lasting(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        failure = Failure.lasting("the file of databases cannot be read: " + e.getMessage());
      }
      if (ledger.progress().size().done() != done) {
        done = ledger.progress().size().done();
        since = System.nanoTime();
        pause = FIRST_PAUSE;
      }
      if (!failure.isPassing() || System.nanoTime() - since > surroundings.patience().toNanos()) {
        return Optional.of(failure.message());
      }
      ledger.waits("tries again in " + pause.toSeconds() + " s: " + failure.message());
      ledger.write();
      if (halt.pause(pause)) {
        return Optional.empty();
      }
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
    return Optional.empty();
  }

  private boolean attempt()
      throws SQLException,
          QueryException,
          StoreException,
          IOException,
          InvalidFileException,
          NotMirroredException,
          CatalogTooLargeException {
    Optional<CatalogEntry> entry =
        surroundings.catalog().detail(job.migration(), 0).map(CatalogStore.Detail::entry);
    Optional<DatabasesFile.Sides> sides = surroundings.databases().of(job.migration());
    if (entry.isEmpty() || sides.isEmpty()) {
      throw new IOException("it no longer says where the databases are");
    }
    JobTarget target = JobTarget.open(entry.get().file(), sides.get());
    try (Throttle throttle = new Throttle(sides.get(), job.settings())) {
      return switch (job.kind()) {
        case BACKFILL ->
            new BackfillWork(ledger, halt, throttle, target.estimates().entities())
                .run(target, job.settings());
        case VERIFY -> new VerifyWork(ledger, halt, target, null).run(job.settings().chunk());
        case REPAIR -> new VerifyWork(ledger, halt, target, throttle).run(job.settings().chunk());
      };
    }
  }
}
