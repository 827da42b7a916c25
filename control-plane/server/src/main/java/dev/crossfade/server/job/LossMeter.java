package dev.crossfade.server.job;

import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.server.store.JobRow;
import dev.crossfade.server.store.JobStore;
import dev.crossfade.server.store.StoreException;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a job counts what a way back would lose wherever new has the authority: nobody
 * has to think of it before it is needed.
 */
final class LossMeter {
  private static final Logger LOG = LoggerFactory.getLogger(LossMeter.class);
  private static final ChangeNote NOTE =
      new ChangeNote("control-plane", "new has the authority: a way back may lose something");

  /** As gentle as a verification that goes on. */
  private static final JobRow.Settings SETTINGS =
      new JobRow.Settings(
          2_000,
          1,
          false,
          new JobRow.Limits(5_000, Duration.ofSeconds(10), 256L << 20, 10_000, 3),
          null);

  private final JobStore jobs;

  LossMeter(JobStore jobs) {
    this.jobs = jobs;
  }

  /**
   * @param isDoable whether jobs of a migration can be done here
   */
  void keep(Predicate<String> isDoable) throws StoreException {
    for (String migration : jobs.unmetered()) {
      if (isDoable.test(migration)) {
        JobStore.Started started =
            jobs.start(new JobStore.Order(migration, JobRow.Kind.ROLLBACK_LOSS, SETTINGS, NOTE));
        LOG.atDebug()
            .addKeyValue("migration", migration)
            .addKeyValue("job", started.job().id())
            .log("What a way back would lose is counted");
      }
    }
  }
}
