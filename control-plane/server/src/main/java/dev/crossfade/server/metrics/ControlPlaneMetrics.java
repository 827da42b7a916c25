package dev.crossfade.server.metrics;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.access.LoginFailure;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The catalog and the fleet's signals as metrics. Each scrape looks at what is in memory: it asks
 * no database, and nothing is kept up to date in between.
 */
public final class ControlPlaneMetrics {
  private static final double WHOLE = 100_000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Figure, MultiGauge> gauges = new EnumMap<>(Figure.class);
  private final ReentrantLock lock = new ReentrantLock();
  private final Supplier<Collection<CatalogEntry>> migrations;
  private final SignalSource signals;

  /** Figures of a migration. */
  private enum Figure {
    STAGE("stage", "1 for the stage that the migration is in"),
    READS_ASKED("reads.asked", "The share of reads asked for new, 0 to 1; in force in RAMP only"),
    ANSWERS("answers", "Statement batches that the fleet's clients were answered, errors included"),
    ERRORS("errors", "Errors of a side, over the fleet"),
    VERDICTS("comparisons", "Comparisons of both sides' answers that ended, by verdict"),
    MISMATCHES("mismatches", "Confirmed mismatches"),
    PENDING("mirror.pending", "Changes that the other side may lack"),
    LAG("mirror.lag.seconds", "For how long the oldest of them has waited"),
    DEAD_LETTERS("mirror.dead.letters", "Entities that somebody must look at"),
    REPORTING("sidecars.reporting", "Sidecars whose last report is a few seconds old at most"),
    SILENT("sidecars.silent", "Sidecars that reported within five minutes and do not any more");

    private final String meter;
    private final String description;

    Figure(String meter, String description) {
      this.meter = "crossfade.fleet." + meter;
      this.description = description;
    }
  }

  /** Figures of the process. */
  public record Process(
      Supplier<Number> sidecars,
      Supplier<Number> version,
      Supplier<Number> storeFailures,
      Supplier<Map<LoginFailure, Long>> loginFailures) {}

  /**
   * @param migrations all that are in the catalog
   */
  public ControlPlaneMetrics(
      Supplier<Collection<CatalogEntry>> migrations, SignalSource signals, Process process) {
    this.migrations = migrations;
    this.signals = signals;
    for (Figure figure : Figure.values()) {
      gauges.put(
          figure,
          MultiGauge.builder(figure.meter).description(figure.description).register(registry));
    }
    Gauge.builder("crossfade.control.sidecars", process.sidecars())
        .description("Sidecars that hold a stream to this replica")
        .strongReference(true)
        .register(registry);
    Gauge.builder("crossfade.control.catalog.version", process.version())
        .description("The catalog's version, as this replica knows it")
        .strongReference(true)
        .register(registry);
    FunctionCounter.builder(
            "crossfade.control.signal.store.failures",
            process,
            figures -> figures.storeFailures().get().doubleValue())
        .description("Times that signals could not be written to the database or read from it")
        .register(registry);
    for (LoginFailure why : LoginFailure.values()) {
      FunctionCounter.builder(
              "crossfade.control.logins.refused",
              process,
              figures -> figures.loginFailures().get().getOrDefault(why, 0L).doubleValue())
          .description("Callers that were not let in, by what was wrong with what they had shown")
          .tag("reason", why.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  /** Shows what a part of the control plane counts, too. */
  public void add(MeterBinder part) {
    part.bindTo(registry);
  }

  /** In Prometheus' text format. */
  public String scrape() {
    lock.lock();
    try {
      Map<Figure, List<Row<?>>> rows = new EnumMap<>(Figure.class);
      for (CatalogEntry entry : migrations.get()) {
        add(rows, entry);
        add(rows, entry.name(), signals.read(entry.name()));
      }
      gauges.forEach((figure, gauge) -> gauge.register(rows.getOrDefault(figure, List.of()), true));
      return registry.scrape();
    } finally {
      lock.unlock();
    }
  }

  private static void add(Map<Figure, List<Row<?>>> rows, CatalogEntry entry) {
    Stage stage = entry.position().stage();
    add(rows, Figure.STAGE, Tags.of("migration", entry.name(), "stage", stage.name()), 1);
    add(
        rows,
        Figure.READS_ASKED,
        Tags.of("migration", entry.name()),
        entry.position().reads().buckets() / WHOLE);
  }

  private static void add(Map<Figure, List<Row<?>>> rows, String name, Reading reading) {
    Tags migration = Tags.of("migration", name);
    side(rows, migration.and("side", "old"), reading.totals().onOld());
    side(rows, migration.and("side", "new"), reading.totals().onNew());
    for (Map.Entry<Verdict, Long> verdict : reading.totals().verdicts().entrySet()) {
      String label = verdict.getKey().name().toLowerCase(Locale.ROOT);
      add(rows, Figure.VERDICTS, migration.and("verdict", label), verdict.getValue());
    }
    add(rows, Figure.MISMATCHES, migration, reading.totals().mismatches());
    reading.mirror().pending().ifPresent(count -> add(rows, Figure.PENDING, migration, count));
    reading.mirror().lag().ifPresent(lag -> add(rows, Figure.LAG, migration, lag.toMillis() / 1e3));
    reading
        .mirror()
        .deadLetters()
        .ifPresent(count -> add(rows, Figure.DEAD_LETTERS, migration, count));
    add(rows, Figure.REPORTING, migration, reading.reporting());
    add(rows, Figure.SILENT, migration, reading.silent());
  }

  private static void side(Map<Figure, List<Row<?>>> rows, Tags tags, Answers answers) {
    add(rows, Figure.ANSWERS, tags, answers.count());
    answers
        .errors()
        .forEach(
            (name, count) -> add(rows, Figure.ERRORS, tags.and("sqlstate_class", name), count));
  }

  private static void add(Map<Figure, List<Row<?>>> rows, Figure figure, Tags tags, double value) {
    rows.computeIfAbsent(figure, key -> new ArrayList<>()).add(Row.of(tags, value));
  }
}
