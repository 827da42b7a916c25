package dev.crossfade.server.job;

import dev.crossfade.engine.job.JobWish;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobLeases;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
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
 * The jobs that this control plane works on. One thread takes jobs that nobody works on, holds
 * them, and hears what people want of them; each job has a thread of its own besides.
 */
public final class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(3);

  private final JobLeases leases;
  private final Evidence evidence;
  private final CatalogStore catalog;
  private final LossMeter meter;
  private final @Nullable DatabasesFile databases;
  private final Limits limits;
  private final List<JobRun> runs = new CopyOnWriteArrayList<>();
  private final Semaphore kicks = new Semaphore(0);
  private final Thread thread = Thread.ofPlatform().name("jobs").daemon().unstarted(this::run);
  private volatile boolean closing;

  /** Of the jobs' thread alone. */
  private boolean storeAnswers = true;

  /**
   * How jobs are held.
   *
   * @param running at once, in all control planes of a catalog
   * @param lease for how long a job is held without a sign of its owner
   * @param poll how often the owner gives one
   * @param patience for how long a job waits for what may pass
   */
  public record Limits(int running, Duration lease, Duration poll, Duration patience) {
    public static final Limits USUAL =
        new Limits(4, Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofHours(1));
  }

  /** Where jobs, what they find, and their migrations are kept. */
  public record Stores(JobLeases leases, JobStore jobs, Evidence evidence, CatalogStore catalog) {}

  private Jobs(Stores stores, @Nullable DatabasesFile databases, Limits limits) {
    this.leases = stores.leases();
    this.evidence = stores.evidence();
    this.meter = new LossMeter(stores.jobs());
    this.catalog = stores.catalog();
    this.databases = databases;
    this.limits = limits;
  }

  /**
   * @param databases null when this control plane does not know any: then it does no job
   */
  public static Jobs start(Stores stores, @Nullable DatabasesFile databases, Limits limits) {
    Jobs jobs = new Jobs(stores, databases, limits);
    jobs.thread.start();
    return jobs;
  }

  /** Lets it look at once. */
  public void kick() {
    kicks.release();
  }

  /**
   * Why jobs of a migration can not be done here; empty when they can. One sentence that says what
   * to do about it.
   */
  public Optional<String> obstacle(String migration) {
    DatabasesFile file = databases;
    if (file == null) {
      return Optional.of(
          "this control plane was not told where the databases are: start it with --databases"
              + " FILE");
    }
    try {
      return file.of(migration).isPresent()
          ? Optional.empty()
          : Optional.of(
              file.path() + " has neither migrations." + migration + " nor default: add one");
    } catch (IOException e) {
      return Optional.of("the file of databases cannot be read: " + e.getMessage());
    } catch (InvalidFileException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void run() {
    while (!closing) {
      try {
        renew();
        if (databases != null) {
          meter.keep(migration -> obstacle(migration).isEmpty());
        }
        while (!closing && claim()) {
          LOG.atDebug().log("Another job was taken");
        }
        if (!storeAnswers) {
          storeAnswers = true;
          LOG.info("The jobs are held again");
        }
      } catch (StoreException | RuntimeException e) {
        if (storeAnswers) {
          storeAnswers = false;
          LOG.atWarn().setCause(e).log("The jobs can not be held: they stop when their leases end");
        }
      }
      runs.stream().filter(run -> !run.isHeld()).forEach(JobRun::stop);
      pause();
    }
  }

  private void pause() {
    try {
      kicks.tryAcquire(limits.poll().toMillis(), TimeUnit.MILLISECONDS);
      kicks.drainPermits();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  private void renew() throws StoreException {
    runs.removeIf(JobRun::hasEnded);
    for (JobRun run : runs) {
      long now = System.nanoTime();
      Optional<JobRow> held = leases.renew(run.job());
      if (held.isPresent()) {
        run.held(now);
      }
      if (held.isEmpty() || held.get().standing().wish() != JobWish.RUN) {
        run.stop();
      }
    }
  }

  private boolean claim() throws StoreException {
    DatabasesFile file = databases;
    Optional<JobRow> job =
        leases.claim(
            limits.running(),
            candidate -> file != null && obstacle(candidate.migration()).isEmpty());
    if (file != null && job.isPresent()) {
      runs.add(
          JobRun.start(
              job.get(),
              new JobRun.Surroundings(leases, evidence, catalog, file, limits.patience())));
    }
    return job.isPresent();
  }

  /** Lets all jobs stop after their present chunks; others may go on with them. */
  @Override
  public void close() {
    closing = true;
    kick();
    long deadline = System.nanoTime() + CLOSE_MAX.toNanos();
    try {
      thread.join(CLOSE_MAX);
      runs.forEach(JobRun::stop);
      for (JobRun run : runs) {
        run.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
