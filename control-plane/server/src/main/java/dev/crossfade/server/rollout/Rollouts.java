package dev.crossfade.server.rollout;

import dev.crossfade.engine.catalog.Change;
import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.move.Mover;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogState;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.Leadership;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.QueryStore;
import dev.crossfade.server.store.RolloutCalls;
import dev.crossfade.server.store.RolloutEvidence;
import dev.crossfade.server.store.RolloutRow;
import dev.crossfade.server.store.RolloutStore;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.VerdictStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rollouts of all migrations, if this control plane leads. One thread looks at them every
 * second, and at once when a report has come, the catalog has changed or a person has asked for
 * something.
 */
public final class Rollouts implements AutoCloseable, CatalogFeed.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(3);

  private final Leadership leadership;
  private final RolloutStore store;
  private final CatalogFeed feed;
  private final Conductor conductor;
  private final Webhooks webhooks;
  private final Limits limits;
  private final Semaphore kicks = new Semaphore(0);
  private final Thread thread = Thread.ofPlatform().name("rollouts").daemon().unstarted(this::run);
  private @Nullable AutoCloseable subscription;
  private volatile boolean closing;

  /** Of the thread alone. */
  private boolean storeAnswers = true;

  /**
   * How it works.
   *
   * @param lease for how long one leads without a sign of it
   * @param poll how often it looks, and gives that sign
   * @param rest between the beginnings of two looks: what comes meanwhile is looked at together
   */
  public record Limits(Duration lease, Duration poll, Duration rest) {
    public static final Limits USUAL =
        new Limits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(200));
  }

  /** What the control plane keeps. */
  public record Stores(
      Own own, CatalogStore catalog, JobStore jobs, MoveStore moves, Found found) {}

  /** What rollouts keep. */
  public record Own(
      Leadership leadership, RolloutStore rollouts, RolloutCalls calls, RolloutEvidence evidence) {}

  /** What others have found. */
  public record Found(Evidence evidence, QueryStore queries, VerdictStore verdicts) {}

  /**
   * Around it.
   *
   * @param settings of a job of a kind, as it is started without further words
   * @param environment where references of webhooks lead
   */
  public record Surroundings(
      CatalogFeed feed,
      Jobs jobs,
      Mover mover,
      Function<JobRow.Kind, JobRow.Settings> settings,
      Map<String, String> environment) {}

  private Rollouts(
      Stores stores, SignalSource signals, Surroundings around, RolloutSteps steps, Limits limits) {
    this.leadership = stores.own().leadership();
    this.store = stores.own().rollouts();
    this.feed = around.feed();
    this.limits = limits;
    this.conductor =
        new Conductor(
            new Conductor.Surroundings(
                stores.own().rollouts(),
                stores.own().calls(),
                stores.catalog(),
                around.feed(),
                new Conductor.Workers(around.jobs(), around.mover(), around.settings())),
            new Outlook(
                new Outlook.Sources(
                    stores.moves(),
                    stores.jobs(),
                    stores.found().evidence().verifications(),
                    stores.found().queries(),
                    stores.own().evidence(),
                    stores.found().verdicts()),
                signals),
            new Samples(stores.own().evidence()),
            steps);
    this.webhooks =
        new Webhooks(
            stores.own().calls(),
            stores.catalog(),
            around.environment(),
            RandomGenerator.getDefault(),
            this::kick);
  }

  /**
   * @param signals what rollouts are judged by
   * @param steps is told of each decision
   */
  public static Rollouts start(
      Stores stores, SignalSource signals, Surroundings around, RolloutSteps steps) {
    Rollouts rollouts = new Rollouts(stores, signals, around, steps, Limits.USUAL);
    rollouts.subscription = signals.subscribe(migration -> rollouts.kick());
    around.feed().subscribe(rollouts);
    rollouts.thread.start();
    return rollouts;
  }

  /** Lets it look at once. */
  public void kick() {
    kicks.release();
  }

  @Override
  public void changed(CatalogState state, List<Change> changes) {
    kick();
  }

  private void run() {
    while (!closing) {
      long began = System.nanoTime();
      try {
        OptionalLong term = leadership.hold();
        if (term.isPresent()) {
          lead(term.getAsLong());
        }
        if (!storeAnswers) {
          storeAnswers = true;
          LOG.info("Rollouts go on");
        }
      } catch (StoreException | RuntimeException e) {
        if (storeAnswers) {
          storeAnswers = false;
          LOG.atWarn().setCause(e).log("Rollouts can not go on");
        }
      }
      pause(began);
    }
  }

  private void lead(long term) throws StoreException {
    for (RolloutRow row : store.open()) {
      if (closing) {
        return;
      }
      try {
        conductor.conduct(row, term);
      } catch (RolloutStore.StaleException e) {
        LOG.atDebug()
            .addKeyValue("migration", row.migration())
            .addKeyValue("reason", e.getMessage())
            .log("A rollout is looked at again");
        kick();
      } catch (RuntimeException e) {
        // The others go on.
        LOG.atError()
            .setCause(e)
            .addKeyValue("migration", row.migration())
            .log("A rollout can not be looked at");
      }
    }
    webhooks.begin();
  }

  private void pause(long began) {
    try {
      if (kicks.tryAcquire(limits.poll().toMillis(), TimeUnit.MILLISECONDS) && !closing) {
        long rest = limits.rest().toNanos() - (System.nanoTime() - began);
        if (rest > 0) {
          LockSupport.parkNanos(rest);
        }
        kicks.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  /** Leaves the rollouts to another control plane. */
  @Override
  public void close() {
    closing = true;
    kick();
    feed.unsubscribe(this);
    try {
      AutoCloseable open = subscription;
      if (open != null) {
        open.close();
      }
      thread.join(CLOSE_MAX);
      webhooks.close();
      leadership.leave();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.atDebug().setCause(e).log("Rollouts are left when the lease ends");
    }
  }
}
