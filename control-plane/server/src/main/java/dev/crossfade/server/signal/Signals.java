package dev.crossfade.server.signal;

import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.RoutedCount;
import dev.crossfade.api.v1.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.store.MismatchStore;
import dev.crossfade.server.store.SignalStore;
import dev.crossfade.server.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the fleet measures, as far as this replica knows: its own sidecars' reports at once, those
 * of other replicas about a second later.
 *
 * <pre>
 *   report --> {@link Observed} <-- every second --> {@link SignalSync} <--> the database
 *                  '--> every second --> {@link History}
 * </pre>
 */
public final class Signals implements SignalSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  /** A sidecar's own limit. */
  private static final int REPORT_BYTES_MAX = 256 << 10;

  private static final int MIGRATIONS_MAX = 200;
  private static final Map<String, RouteReason> REASONS =
      Arrays.stream(RouteReason.values())
          .collect(Collectors.toUnmodifiableMap(RouteReason::name, reason -> reason));

  private final Predicate<String> isKnown;
  private final InstantSource clock;
  private final Map<String, Observed> migrations = new ConcurrentHashMap<>();
  private final Listeners listeners = new Listeners();
  private final SignalSync sync;
  private final MismatchIntake mismatches;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("signal-ticks").factory());

  private Signals(
      SignalStore store,
      MismatchStore mismatchStore,
      Predicate<String> isKnown,
      InstantSource clock) {
    this.isKnown = isKnown;
    this.clock = clock;
    this.sync = new SignalSync(store, this::observed, migrations::values, clock);
    this.mismatches = new MismatchIntake(mismatchStore);
  }

  /**
   * Reads what was counted before, and begins to count.
   *
   * @param isKnown whether there is a migration of this name
   */
  public static Signals start(
      SignalStore store,
      MismatchStore mismatchStore,
      Predicate<String> isKnown,
      InstantSource clock)
      throws StoreException {
    Signals signals = new Signals(store, mismatchStore, isKnown, clock);
    signals.sync.start();
    signals.migrations.values().forEach(Observed::begin);
    signals.mismatches.start();
    signals.ticks.scheduleAtFixedRate(signals::tick, 1, 1, TimeUnit.SECONDS);
    return signals;
  }

  private void tick() {
    for (Observed observed : migrations.values()) {
      observed.tick(clock.instant(), System.nanoTime());
    }
  }

  /**
   * A sidecar has reported. What cannot be is cut off, not believed.
   *
   * @param sidecar service and instance
   */
  public void received(String sidecar, Report report) {
    if (report.getSignalsCount() == 0 && report.getMismatchesCount() == 0) {
      return;
    }
    if (report.getSerializedSize() > REPORT_BYTES_MAX) {
      LOG.atDebug().addKeyValue("sidecar", sidecar).log("A report is too large for its signals");
      return;
    }
    Map<String, Reads> reads = reads(report.getRoutedList());
    Set<String> seen = new HashSet<>();
    for (MigrationSignals signals : report.getSignalsList()) {
      String name = signals.getMigration();
      if (seen.size() == MIGRATIONS_MAX || !isKnown.test(name) || !seen.add(name)) {
        continue;
      }
      observed(name)
          .reported(
              sidecar,
              clock.instant(),
              System.nanoTime(),
              ReportLimits.cut(signals),
              reads.getOrDefault(name, Reads.NONE));
      listeners.changed(name);
    }
    report.getMismatchesList().stream()
        .limit(ReportLimits.MISMATCHES_MAX)
        .filter(mismatch -> seen.contains(mismatch.getMigration()))
        .forEach(mismatch -> received(mismatch));
  }

  private void received(Mismatch mismatch) {
    ReportLimits.cut(mismatch, clock.instant()).ifPresent(mismatches::add);
  }

  private static Map<String, Reads> reads(List<RoutedCount> routed) {
    Map<String, Reads> reads = new HashMap<>();
    for (RoutedCount count : routed) {
      RouteReason reason = REASONS.get(count.getReason());
      if (reason != null && reason.isRoutable()) {
        reads.merge(
            count.getMigration(),
            Reads.NONE.plus(Sums.bounded(count.getCount()), count.getSide() == Side.SIDE_NEW),
            (one, other) ->
                new Reads(one.routable() + other.routable(), one.onNew() + other.onNew()));
      }
    }
    return reads;
  }

  private Observed observed(String migration) {
    return migrations.computeIfAbsent(migration, name -> new Observed(name, clock.instant()));
  }

  /** Names of those that something is known of. */
  public Set<String> migrations() {
    return Collections.unmodifiableSet(migrations.keySet());
  }

  @Override
  public Reading read(String migration) {
    return Optional.ofNullable(migrations.get(migration))
        .map(observed -> observed.reading(System.nanoTime()))
        .orElse(Reading.NONE);
  }

  @Override
  public AutoCloseable subscribe(Consumer<String> changed) {
    return listeners.subscribe(changed);
  }

  /**
   * What is known of a migration in a window; nothing where nobody has reported.
   *
   * @param points of its history
   * @param queries those executed most
   */
  public SignalView view(String migration, Duration window, int points, int queries) {
    Observed observed = migrations.get(migration);
    if (observed == null) {
      return SignalView.nothing(migration, clock.instant());
    }
    return SignalView.of(
        migration,
        clock.instant(),
        observed.state(clock.instant(), System.nanoTime(), window, points),
        observed.queries(queries));
  }

  /** Writes a last time. */
  @Override
  public void close() {
    ticks.shutdownNow();
    listeners.close();
    mismatches.close();
    sync.close();
  }

  /** How often writing or reading has failed, since the start. */
  public long storeFailures() {
    return sync.failures() + mismatches.failures();
  }
}
