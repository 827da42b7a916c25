package dev.crossfade.server.job;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.catalog.MigrationText;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.Mirror;
import dev.crossfade.mirror.Verify;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job at work, on a thread of its own, for as long as this control plane holds it. What passes (a
 * server that is away) is waited for; whatever else is wrong ends it.
 */
final class JobRun {
  static final int EXAMPLES_MAX = 20;
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  /** SQLSTATE of our own: it will not be otherwise in a moment. */
  private static final String REFUSED = "CF004";

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** However small the tables are, from the beginning of a pass to that of the next one. */
  private static final Duration PASS_MIN = Duration.ofSeconds(5);

  private final JobRow job;
  private final Surroundings surroundings;
  private final Halt halt = new Halt();
  private final Ledger ledger;
  private final Thread thread;
  private volatile long heldUntilNanos;

  /** Of the job's thread alone; null before the databases are known. */
  private @Nullable LatencyProbe probe;

  /**
   * What it works with.
   *
   * @param patience for how long it waits for what may pass; what goes on for ever is patient for
   *     ever
   */
  record Surroundings(
      JobLeases leases,
      Evidence evidence,
      CatalogStore catalog,
      DatabasesFile databases,
      Duration patience) {}

  /** Of the job's thread alone; null before a check has begun. */
  private @Nullable LensCheckPlace place;

  /** What an attempt came to. */
  private enum Outcome {
    DONE,
    STOPPED,
    /** A pass is over, and another one is to follow. */
    AGAIN
  }

  private JobRun(JobRow job, Surroundings surroundings) {
    this.job = job;
    this.surroundings = surroundings;
    this.ledger = new Ledger(surroundings.leases(), surroundings.evidence(), job, halt);
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
    if (probe != null) {
      probe.close();
    }
    if (place != null) {
      place.close();
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
      long began = System.nanoTime();
      Failure failure;
      try {
        Outcome outcome = attempt();
        if (outcome != Outcome.AGAIN) {
          return outcome == Outcome.DONE ? Optional.of("") : Optional.empty();
        }
        halt.pause(PASS_MIN.minusNanos(System.nanoTime() - began));
        since = System.nanoTime();
        pause = FIRST_PAUSE;
        continue;
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
      boolean patient =
          job.kind().isContinuous()
              || System.nanoTime() - since <= surroundings.patience().toNanos();
      if (!isMeter() && !(failure.isPassing() && patient)) {
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

  /** One that nobody has started: it goes on once people have put right what is wrong. */
  private boolean isMeter() {
    return job.kind() == JobRow.Kind.ROLLBACK_LOSS;
  }

  private Outcome attempt()
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
    if (job.kind().isContinuous()) {
      Stage stage = entry.get().position().stage();
      if (stage == Stage.COMPLETE || isMeter() && stage.authority() == Side.OLD) {
        return Outcome.DONE;
      }
      if (stage == Stage.OFF) {
        throw new SQLException(
            "the migration is in OFF, where changes are not carried", JobTarget.NOT_NOW);
      }
    }
    JobRow.Script script = job.settings().script();
    if (script != null) {
      return new ApplyWork(ledger, halt, DdlFile.parse(script.text(), script.source()))
              .run(
                  job.migration(),
                  script.side() == Side.OLD ? sides.get().old() : sides.get().next())
          ? Outcome.DONE
          : Outcome.STOPPED;
    }
    JobTarget target = JobTarget.open(entry.get().file(), sides.get(), job.kind());
    try (Throttle throttle = new Throttle(target, job, ledger, halt, probe(target))) {
      return work(target, throttle, entry.get().file());
    }
  }

  /** What it has learned is worth something as long as the authority stays where it is. */
  private LatencyProbe probe(JobTarget target) {
    LatencyProbe known = probe;
    if (known != null && known.isOf(target.fence().authority(), target.sides())) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    LatencyProbe started =
        LatencyProbe.start(
            target.fence().authority(), target.sides(), job.settings().limits().slowdown());
    probe = started;
    return started;
  }

  private LensCheckPlace lensCheckPlace() {
    LensCheckPlace known = place;
    if (known == null) {
      known = LensCheckPlace.create(job.settings().chunk());
      place = known;
    }
    return known;
  }

  private Outcome work(JobTarget target, Throttle throttle, MigrationText file)
      throws SQLException, QueryException, StoreException, IOException, InvalidFileException {
    boolean whole =
        switch (job.kind()) {
          case BACKFILL -> {
            if (target.fence().authority() == Side.NEW) {
              throw new SQLException(
                  "new has the authority: a backfill works from old to new only", REFUSED);
            }
            yield new BackfillWork(ledger, throttle, target.estimates().entities())
                .run(target, job.settings());
          }
          case VERIFY -> pass(target, throttle, VerifyWork.Aim.COMPARE);
          case REPAIR -> pass(target, throttle, VerifyWork.Aim.REPAIR);
          case APPLY -> throw new IllegalStateException("an apply without a script");
          case CONTINUOUS_VERIFY -> {
            if (target.fence().epoch() == 0) {
              throw new SQLException(
                  "old logs no changes: run 'crossfade ctl mirror install'", Mirror.NOT_CAPTURED);
            }
            if (!target.isBackfilled()) {
              throw new SQLException(
                  "a backfill has not come to its end: what it has not carried would be drift",
                  JobTarget.NOT_NOW);
            }
            yield pass(target, throttle, VerifyWork.Aim.COMPARE);
          }
          case LENS_CHECK ->
              new LensCheckWork(ledger, target, throttle, lensCheckPlace()).run(file);
          case ROLLBACK_LOSS -> {
            if (target.fence().authority() == Side.OLD) {
              throw new SQLException("old has the authority", JobTarget.NOT_NOW);
            }
            yield pass(target, throttle, VerifyWork.Aim.COUNT_LOSS);
          }
        };
    return !whole ? Outcome.STOPPED : job.kind().isContinuous() ? Outcome.AGAIN : Outcome.DONE;
  }

  private boolean pass(JobTarget target, Throttle throttle, VerifyWork.Aim aim)
      throws SQLException, QueryException, StoreException {
    return new VerifyWork(ledger, target, throttle, aim)
        .run(new Verify.Settings(job.settings().chunk(), job.settings().workers()));
  }
}
