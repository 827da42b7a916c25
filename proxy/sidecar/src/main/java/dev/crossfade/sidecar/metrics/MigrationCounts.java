package dev.crossfade.sidecar.metrics;

import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.inventory.SideCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What both sides have answered of one migration since the process began. Counted by the event
 * loops; who reads it takes nothing away.
 */
public final class MigrationCounts {
  private static final String[] SIDE_TAGS = {"old", "new"};

  private final String migration;
  private final MeterRegistry registry;
  private final SideCounts[] sides = {new SideCounts(), new SideCounts()};
  private final AtomicIntegerArray shown =
      new AtomicIntegerArray(SIDE_TAGS.length * ErrorClasses.COUNT);

  MigrationCounts(String migration, MeterRegistry registry) {
    this.migration = migration;
    this.registry = registry;
    for (Side side : Side.values()) {
      FunctionCounter.builder("crossfade.migration.answers", of(side), SideCounts::ended)
          .description("Statement batches on mapped tables that ended, errors included")
          .tag("migration", migration)
          .tag("side", SIDE_TAGS[side.ordinal()])
          .register(registry);
    }
  }

  /** What one side has answered. */
  public SideCounts of(Side side) {
    return sides[side.ordinal()];
  }

  void erred(Side side, int errorClass) {
    show(side, errorClass);
    of(side).erred(errorClass);
  }

  void failed(Side side, int errorClass) {
    show(side, errorClass);
    of(side).failed(errorClass);
  }

  /** A class becomes a metric with its first error. */
  private void show(Side side, int errorClass) {
    if (shown.compareAndSet(side.ordinal() * ErrorClasses.COUNT + errorClass, 0, 1)) {
      FunctionCounter.builder(
              "crossfade.migration.errors", of(side), counts -> counts.errors(errorClass))
          .description("Errors of a side, by the first two characters of the SQLSTATE")
          .tag("migration", migration)
          .tag("side", SIDE_TAGS[side.ordinal()])
          .tag("sqlstate_class", ErrorClasses.name(errorClass))
          .register(registry);
    }
  }
}
