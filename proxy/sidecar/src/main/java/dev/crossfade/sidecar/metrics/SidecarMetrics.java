package dev.crossfade.sidecar.metrics;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.inventory.QueryInventory;
import dev.crossfade.postgresql.parity.ParityMeters;
import dev.crossfade.postgresql.session.SessionMeters;
import dev.crossfade.postgresql.shadow.ShadowMeters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The one place where meter names stand. Labels come from enums and the names of migrations only.
 */
public final class SidecarMetrics implements SessionMeters {
  private static final String[] SIDE_TAGS = {"old", "new"};
  private static final long MAX_LATENCY_MICROS = 60_000_000;

  /**
   * What a batch was counted under.
   *
   * @param migration empty where it concerned none
   */
  public record Route(String migration, Side side, RouteReason reason) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ConcurrentHashMap<String, LongAdder[]> routed = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, MirrorMetrics> mirrors = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, MigrationCounts> counts = new ConcurrentHashMap<>();
  private final LongAdder[] fallbacks = new LongAdder[FallbackCause.values().length];
  private final Timer[] reads = new Timer[Side.values().length];
  private final Timer others;
  private final Timer inProxy;
  private final AtomicInteger sessions = new AtomicInteger();
  private final QueryInventory inventory =
      new QueryInventory(QueryInventory.CAPACITY, System::nanoTime);
  private final ParityMetrics parity = new ParityMetrics(registry);
  private final ShadowMetrics shadow = new ShadowMetrics(registry);
  private final Recorder[] recorders = new Recorder[Side.values().length];

  public SidecarMetrics() {
    for (Side side : Side.values()) {
      recorders[side.ordinal()] = new Recorder(MAX_LATENCY_MICROS, 2);
      reads[side.ordinal()] = answerTimer(SIDE_TAGS[side.ordinal()], "read");
    }
    others = answerTimer(SIDE_TAGS[Side.OLD.ordinal()], "other");
    inProxy =
        Timer.builder("crossfade.proxy.time")
            .description(
                "Time that a batch spent in the sidecar alone, planning and writing included"
                    + " (sampled)")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(1_000))
            .maximumExpectedValue(Duration.ofMillis(100))
            .register(registry);
    for (FallbackCause cause : FallbackCause.values()) {
      LongAdder count = new LongAdder();
      fallbacks[cause.ordinal()] = count;
      FunctionCounter.builder("crossfade.fallbacks", count, LongAdder::sum)
          .description("Reads that new did not answer and old did")
          .tag("cause", cause.name())
          .register(registry);
    }
    gauge("crossfade.sessions", "Client sessions open now", sessions, AtomicInteger::get);
    gauge(
        "crossfade.inventory.fingerprints",
        "Statements on mapped tables that are counted one by one",
        inventory,
        QueryInventory::size);
    gauge("crossfade.inventory.bytes", "Memory of the inventory", inventory, QueryInventory::bytes);
    counter(
        "crossfade.inventory.unlisted",
        "Statements on mapped tables that found no place in the inventory",
        inventory,
        QueryInventory::unlistedTotal);
    counter(
        "crossfade.inventory.evicted",
        "Statements that made room for others in the inventory",
        inventory,
        QueryInventory::evictedTotal);
  }

  private Timer answerTimer(String side, String kind) {
    return Timer.builder("crossfade.answer")
        .description(
            "Time from a batch's last byte to its ReadyForQuery; kind read: either side could have"
                + " answered")
        .tags("side", side, "kind", kind)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofNanos(20_000))
        .maximumExpectedValue(Duration.ofSeconds(30))
        .register(registry);
  }

  /** By their migrations. */
  public Map<String, MirrorMetrics> mirrors() {
    return Collections.unmodifiableMap(mirrors);
  }

  /** What a migration's mirror is counted by; the same one for as long as the process lives. */
  public MirrorMetrics mirror(String migration) {
    return mirrors.computeIfAbsent(migration, name -> new MirrorMetrics(name, registry));
  }

  /** How writes that were tried on new are counted. */
  public ParityMeters parity() {
    return parity;
  }

  /** How compared reads are counted. */
  public ShadowMeters shadow() {
    return shadow;
  }

  /** A figure that somebody else keeps; {@code source} must live as long as the process. */
  public <T> void gauge(String name, String description, T source, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  /** A count that somebody else keeps. */
  public <T> void counter(String name, String description, T source, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, source, value).description(description).register(registry);
  }

  @Override
  public void routed(String migration, Side side, RouteReason reason) {
    LongAdder[] counts = routed.get(migration);
    if (counts == null) {
      counts = routed.computeIfAbsent(migration, this::register);
    }
    counts[index(side, reason)].increment();
  }

  private static int index(Side side, RouteReason reason) {
    return side.ordinal() * RouteReason.values().length + reason.ordinal();
  }

  private LongAdder[] register(String migration) {
    LongAdder[] counts = new LongAdder[2 * RouteReason.values().length];
    for (Side side : Side.values()) {
      for (RouteReason reason : RouteReason.values()) {
        LongAdder count = new LongAdder();
        counts[index(side, reason)] = count;
        if (isPossible(side, reason)) {
          FunctionCounter.builder("crossfade.queries", count, LongAdder::sum)
              .description("Statement batches by migration, side and reason")
              .tag("migration", migration.isEmpty() ? "none" : migration)
              .tag("side", SIDE_TAGS[side.ordinal()])
              .tag("reason", reason.name())
              .register(registry);
        }
      }
    }
    return counts;
  }

  private static boolean isPossible(Side side, RouteReason reason) {
    boolean ofNew = reason == RouteReason.IN_SHARE || reason == RouteReason.AUTHORITY_NEW;
    return (side == Side.NEW) == ofNew;
  }

  @Override
  public void answered(String migration, Side side, boolean routable, long nanos) {
    if (!migration.isEmpty()) {
      counts(migration).of(side).answered(nanos);
    }
    if (!routable) {
      others.record(nanos, TimeUnit.NANOSECONDS);
      return;
    }
    reads[side.ordinal()].record(nanos, TimeUnit.NANOSECONDS);
    recorders[side.ordinal()].recordValue(Math.min(nanos / 1000, MAX_LATENCY_MICROS));
  }

  @Override
  public void erred(String migration, Side side, int errorClass) {
    if (!migration.isEmpty()) {
      counts(migration).erred(side, errorClass);
    }
  }

  @Override
  public void failed(String migration, Side side, int errorClass) {
    if (!migration.isEmpty()) {
      counts(migration).failed(side, errorClass);
    }
  }

  /** Migrations that something was ever counted of. */
  public Set<String> countedMigrations() {
    return Collections.unmodifiableSet(counts.keySet());
  }

  /** What both sides have answered of a migration. */
  public MigrationCounts counts(String migration) {
    MigrationCounts known = counts.get(migration);
    return known == null
        ? counts.computeIfAbsent(migration, name -> new MigrationCounts(name, registry))
        : known;
  }

  @Override
  public void inProxy(long nanos) {
    inProxy.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void fellBack(FallbackCause cause) {
    fallbacks[cause.ordinal()].increment();
  }

  @Override
  public void acknowledged(String migration, boolean late, long nanos) {
    mirror(migration).acknowledged(late, nanos);
  }

  @Override
  public QueryInventory inventory() {
    return inventory;
  }

  @Override
  public void sessionOpened() {
    sessions.incrementAndGet();
  }

  @Override
  public void sessionClosed() {
    sessions.decrementAndGet();
  }

  public int sessions() {
    return sessions.get();
  }

  public long fallbacks() {
    return Arrays.stream(fallbacks).mapToLong(LongAdder::sum).sum();
  }

  /** How often each cause made old answer instead of new, since the start. */
  public Map<FallbackCause, Long> fallbacksByCause() {
    Map<FallbackCause, Long> totals = new EnumMap<>(FallbackCause.class);
    for (FallbackCause cause : FallbackCause.values()) {
      totals.put(cause, fallbacks[cause.ordinal()].sum());
    }
    return totals;
  }

  /** Totals since the start of everything that was ever counted. */
  public Map<Route, Long> routes() {
    Map<Route, Long> totals = new ConcurrentHashMap<>();
    routed.forEach(
        (migration, counts) -> {
          for (Side side : Side.values()) {
            for (RouteReason reason : RouteReason.values()) {
              long count = counts[index(side, reason)].sum();
              if (count > 0) {
                totals.put(new Route(migration, side, reason), count);
              }
            }
          }
        });
    return totals;
  }

  /**
   * Answer times of a side's routable reads in microseconds since the last call. One caller at a
   * time.
   */
  public Histogram takeLatencies(Side side) {
    return recorders[side.ordinal()].getIntervalHistogram();
  }

  /** In Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }
}
