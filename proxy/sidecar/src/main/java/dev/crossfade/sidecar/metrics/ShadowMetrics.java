package dev.crossfade.sidecar.metrics;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.ShadowMeters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How both sides' answers to reads compare, as metrics. */
final class ShadowMetrics implements ShadowMeters {
  private final MeterRegistry registry;
  private final Map<String, LongAdder[]> migrations = new ConcurrentHashMap<>();
  private final LongAdder[] shed = new LongAdder[Shed.values().length];
  private final LongAdder[] unfit = new LongAdder[Unfit.values().length];

  ShadowMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Shed why : Shed.values()) {
      LongAdder count = new LongAdder();
      shed[why.ordinal()] = count;
      FunctionCounter.builder("crossfade.shadow.shed", count, LongAdder::sum)
          .description("Reads that were to be compared and were not")
          .tag("reason", why.name())
          .register(registry);
    }
    for (Unfit why : Unfit.values()) {
      LongAdder count = new LongAdder();
      unfit[why.ordinal()] = count;
      FunctionCounter.builder("crossfade.shadow.unfit", count, LongAdder::sum)
          .description("Reads that cannot be compared, by what stands in the way")
          .tag("reason", why.name())
          .register(registry);
    }
  }

  private LongAdder[] register(String migration) {
    LongAdder[] counts = new LongAdder[Verdict.values().length];
    for (Verdict verdict : Verdict.values()) {
      LongAdder count = new LongAdder();
      counts[verdict.ordinal()] = count;
      FunctionCounter.builder("crossfade.shadow.reads", count, LongAdder::sum)
          .description("Reads whose answers of both sides were compared, by what came of it")
          .tags("migration", migration, "verdict", verdict.name())
          .register(registry);
    }
    return counts;
  }

  @Override
  public void ended(String migration, Verdict verdict) {
    LongAdder[] counts = migrations.get(migration);
    if (counts == null) {
      counts = migrations.computeIfAbsent(migration, this::register);
    }
    counts[verdict.ordinal()].increment();
  }

  @Override
  public void shed(Shed why) {
    shed[why.ordinal()].increment();
  }

  @Override
  public void unfit(Unfit why) {
    unfit[why.ordinal()].increment();
  }
}
