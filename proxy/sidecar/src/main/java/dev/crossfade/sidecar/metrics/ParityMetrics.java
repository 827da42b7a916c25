package dev.crossfade.sidecar.metrics;

import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Judgement.Unclear;
import dev.crossfade.postgresql.parity.ParityMeters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How writes that were tried on new compare, as metrics. */
final class ParityMetrics implements ParityMeters {
  private static final String WRITES = "crossfade.parity.writes";
  private static final String WRITES_ARE = "Writes that were tried on new, by what came of it";

  /** What is counted of one migration. */
  private record Counts(
      LongAdder equal, Map<Difference, LongAdder> different, Map<Unclear, LongAdder> unclear) {}

  private final MeterRegistry registry;
  private final Map<String, Counts> migrations = new ConcurrentHashMap<>();
  private final LongAdder shed = new LongAdder();

  ParityMetrics(MeterRegistry registry) {
    this.registry = registry;
    FunctionCounter.builder("crossfade.parity.shed", shed, LongAdder::sum)
        .description("Writes of the sample that were not tried on new because too many waited")
        .register(registry);
  }

  private Counts of(String migration) {
    Counts known = migrations.get(migration);
    return known == null ? migrations.computeIfAbsent(migration, this::register) : known;
  }

  private Counts register(String migration) {
    Map<Difference, LongAdder> different = new EnumMap<>(Difference.class);
    for (Difference kind : Difference.values()) {
      different.put(kind, counter(WRITES, WRITES_ARE, migration, "result", kind.name()));
    }
    Map<Unclear, LongAdder> unclear = new EnumMap<>(Unclear.class);
    for (Unclear why : Unclear.values()) {
      String description = "Writes whose two answers could not be compared";
      unclear.put(
          why,
          counter("crossfade.parity.inconclusive", description, migration, "reason", why.name()));
    }
    return new Counts(
        counter(WRITES, WRITES_ARE, migration, "result", "EQUAL"), different, unclear);
  }

  private LongAdder counter(
      String name, String description, String migration, String label, String value) {
    LongAdder count = new LongAdder();
    FunctionCounter.builder(name, count, LongAdder::sum)
        .description(description)
        .tags("migration", migration, label, value)
        .register(registry);
    return count;
  }

  @Override
  public void equal(String migration) {
    of(migration).equal().increment();
  }

  @Override
  public void different(String migration, Difference kind) {
    increment(of(migration).different().get(kind));
  }

  @Override
  public void inconclusive(String migration, Unclear why) {
    increment(of(migration).unclear().get(why));
  }

  /** Every word of the enum has one. */
  private static void increment(@Nullable LongAdder count) {
    if (count != null) {
      count.increment();
    }
  }

  @Override
  public void shed() {
    shed.increment();
  }
}
