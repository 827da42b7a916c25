package dev.crossfade.sidecar.mirror;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.mirror.Endpoint;
import dev.crossfade.mirror.StatementLog;
import dev.crossfade.postgresql.catalog.CapturePlans;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.plan.TranslatedShape;
import dev.crossfade.sidecar.control.ControlSnapshot;
import dev.crossfade.sidecar.control.MigrationEntry;
import dev.crossfade.sql.capture.StatementCapture;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.lens.CaptureMode;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.write.CaptureAnalyzer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which tables of old are watched by the statements themselves: those of migrations that want
 * it, from DUAL_WRITE to RAMP, once old has what these call. Before that nothing is added to any
 * statement, and what is sent is in no log; so when a migration begins to be watched, and what was
 * sent before has ended, any entity may have changed, and the log says so.
 *
 * <p>Thread-safe.
 */
public final class StatementCaptures implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatementCaptures.class);
  private static final int PLANNER_QUEUE = 1024;
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Routing routing;
  private final Endpoint log;
  private final MetadataConnection old;
  private final int maxPlans;
  private final LongPredicate answered;
  private Map<String, Wanted> wanted = Map.of();
  private Map<String, Wanted> active = Map.of();
  private int generation;
  private boolean known;
  private volatile @Nullable Thread looking;
  private volatile boolean closed;

  /**
   * @param views of old over its tables
   */
  private record Wanted(CompiledLens lens, List<SyncPlan> plans, Set<String> views) {
    boolean isLike(@Nullable Wanted other) {
      return other != null && other.lens().equals(lens);
    }
  }

  /**
   * @param carrier logs in to old
   * @param old describes statements
   * @param answered whether all that was sent before a moment has been answered
   */
  public StatementCaptures(
      Routing routing,
      Mirrors carrier,
      MetadataConnection old,
      int maxPlans,
      LongPredicate answered) {
    this.routing = routing;
    this.log = carrier.old();
    this.old = old;
    this.maxPlans = maxPlans;
    this.answered = answered;
  }

  /**
   * @param files in force, by their migrations
   * @param inForce their lenses
   * @param ofNew new's catalog, with which they were compiled
   */
  public synchronized void use(
      ControlSnapshot snapshot,
      Map<String, String> files,
      Map<String, CompiledLens> inForce,
      @Nullable Catalog ofNew) {
    Map<String, Wanted> next = new HashMap<>();
    for (MigrationEntry entry : snapshot.migrations()) {
      CompiledLens lens = inForce.get(entry.name());
      if (lens == null
          || ofNew == null
          || lens.capture() != CaptureMode.STATEMENTS
          || !isWatched(entry.flags().stage())
          || routing.authority(entry.name()) != Side.OLD
          || !entry.yaml().equals(files.get(entry.name()))) {
        continue;
      }
      Wanted before = wanted.get(entry.name());
      try {
        next.put(
            entry.name(),
            before != null && before.lens().equals(lens)
                ? before
                : new Wanted(lens, SyncPlan.of(lens, Side.OLD, ofNew), Set.of()));
      } catch (NotMirroredException e) {
        LOG.atWarn()
            .addKeyValue("migration", entry.name())
            .addKeyValue("reason", e.getMessage())
            .log("its changes are not logged");
      }
    }
    wanted = next;
    look();
  }

  private static boolean isWatched(Stage stage) {
    return switch (stage) {
      case DUAL_WRITE, SHADOW, RAMP -> true;
      case OFF, LIVE, RAMPDOWN, COMPLETE -> false;
    };
  }

  /** Puts in force what old has the functions for; of the rest it is found out later. */
  private synchronized void look() {
    Map<String, Wanted> next = new HashMap<>();
    wanted.forEach(
        (migration, one) -> {
          try {
            if (StatementLog.isInstalled(log, one.plans())) {
              Set<String> views = StatementLog.views(log, one.plans());
              next.put(migration, new Wanted(one.lens(), one.plans(), views));
            }
          } catch (SQLException e) {
            Wanted before = active.get(migration);
            if (before != null && before.isLike(one)) {
              next.put(migration, before);
            }
            LOG.atDebug().setCause(e).log("old cannot be asked for its log");
          }
        });
    if (!known || !views(next).equals(views(active))) {
      Map<String, Wanted> begun = new HashMap<>(next);
      begun.entrySet().removeIf(one -> one.getValue().isLike(active.get(one.getKey())));
      boolean first = !known;
      known = true;
      active = next;
      routing.capture(shape());
      if (!first || routing.passedUnwatched()) {
        begun.forEach(this::fillGap);
      }
    }
    if (active.size() < wanted.size() && looking == null && !closed) {
      looking = Thread.ofVirtual().name("crossfade-captures").start(this::lookOn);
    }
  }

  /** What two of them differ by; plans are made of lenses. */
  private static Map<CompiledLens, Set<String>> views(Map<String, Wanted> of) {
    Map<CompiledLens, Set<String>> views = new HashMap<>();
    of.values().forEach(one -> views.put(one.lens(), one.views()));
    return views;
  }

  private void lookOn() {
    boolean done = false;
    while (!closed && !done) {
      LockSupport.parkNanos(PAUSE.toNanos());
      synchronized (this) {
        look();
        done = active.size() >= wanted.size();
        if (done) {
          looking = null;
        }
      }
    }
  }

  private TranslatedShape shape() {
    generation++;
    if (active.isEmpty()) {
      return new TranslatedShape(generation, TranslatedShape.NONE.names(), Map.of(), null, true);
    }
    CaptureAnalyzer analyzer =
        new CaptureAnalyzer(
            StatementCapture.watched(
                active.values().stream().flatMap(one -> one.plans().stream()).toList()),
            active.values().stream()
                .flatMap(one -> one.views().stream())
                .collect(Collectors.toSet()));
    CapturePlans maker = new CapturePlans(analyzer, old);
    return new TranslatedShape(
        generation,
        analyzer.names(),
        Map.of(),
        new TranslatedShape.Plans(new PlanCache(maker, maxPlans, PLANNER_QUEUE), maker),
        true);
  }

  /**
   * What was sent before, and is not in the log, ends; then the log says that it may be anything.
   * Who ends to be watched before that has a gap when it is watched again.
   */
  private void fillGap(String migration, Wanted begun) {
    long since = System.nanoTime();
    LOG.atInfo()
        .addKeyValue("migration", migration)
        .log("the statements of this sidecar's clients log what they change");
    var ignored =
        Thread.ofVirtual()
            .name("crossfade-capture-" + migration)
            .start(
                () -> {
                  StatementLog gap = new StatementLog(log, migration);
                  long pause = PAUSE.toNanos();
                  while (isActive(migration, begun) && !isFilled(gap, since)) {
                    LockSupport.parkNanos(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
                  }
                });
  }

  private synchronized boolean isActive(String migration, Wanted begun) {
    return !closed && begun.isLike(active.get(migration));
  }

  private boolean isFilled(StatementLog gap, long since) {
    try {
      return answered.test(since) && gap.fill();
    } catch (SQLException e) {
      LOG.atDebug().setCause(e).log("old cannot be told that something may not be in the log");
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
