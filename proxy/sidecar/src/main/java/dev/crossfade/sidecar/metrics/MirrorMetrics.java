package dev.crossfade.sidecar.metrics;

import dev.crossfade.mirror.Bypass;
import dev.crossfade.mirror.CanaryState;
import dev.crossfade.mirror.LogState;
import dev.crossfade.mirror.MirrorMeters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a migration's mirror does, as metrics, and in the log when it begins or ceases to fail. */
public final class MirrorMetrics implements MirrorMeters {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorMetrics.class);
  private static final LogState UNKNOWN = new LogState(0, Long.MAX_VALUE, 0, Duration.ZERO, 0);

  /** One is sent every five seconds, and has ten to arrive. */
  private static final Duration CANARY_MISSED = Duration.ofSeconds(15);

  /** A mirror looks at least every few seconds, also while the other side is away. */
  private static final Duration SEEN_MAX = Duration.ofSeconds(15);

  private final String migration;
  private final LongAdder carried = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder buried = new LongAdder();
  private final LongAdder interruptions = new LongAdder();
  private final LongAdder lateAcks = new LongAdder();
  private final Timer ackWaits;
  private final LongAdder bypassing = new LongAdder();
  private final Bypassers bypassers = new Bypassers(InstantSource.system());
  private volatile LogState state = UNKNOWN;
  private volatile CanaryState canary = CanaryState.NONE;
  private volatile @Nullable String interruptedBy;
  private volatile boolean running;
  private volatile long seenNanos;

  MirrorMetrics(String migration, MeterRegistry registry) {
    this.migration = migration;
    counter(registry, "entities", "Entities that were made equal on the other side", carried);
    counter(registry, "failures", "Entities that could not be carried, each attempt", failures);
    counter(registry, "buried", "Entities that were given up: dead letters", buried);
    counter(registry, "interruptions", "Times a server could not be used", interruptions);
    counter(
        registry,
        "late.acks",
        "Writes that clients have heard of before the other side had them, though it was to",
        lateAcks);
    ackWaits =
        Timer.builder("crossfade.mirror.ack")
            .description("For how long clients have waited until the other side had their writes")
            .tag("migration", migration)
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    counter(registry, "bypassing", "Changes that came past every sidecar", bypassing);
    gauge(
        registry,
        "pending",
        "Changes that the other side may lack, counted up to " + LogState.MOST_COUNTED,
        LogState::pending);
    gauge(
        registry,
        "lag.seconds",
        "For how long the oldest of them has waited",
        seen -> seen.lag().toMillis() / 1e3);
    gauge(registry, "dead.letters", "Entities that somebody must look at", LogState::deadLetters);
    canary(
        registry,
        "canary.age.seconds",
        "How long ago the last canary was sent that has arrived on the other side",
        seen -> seen.age().toMillis() / 1e3);
    canary(
        registry, "canary.lag.seconds", "How long that took", seen -> seen.lag().toNanos() / 1e9);
  }

  private void counter(MeterRegistry registry, String name, String description, LongAdder count) {
    FunctionCounter.builder("crossfade.mirror." + name, count, LongAdder::sum)
        .description(description)
        .tag("migration", migration)
        .register(registry);
  }

  /** A figure of the log's state. */
  private interface Figure {
    double of(LogState state);
  }

  private void gauge(MeterRegistry registry, String name, String description, Figure figure) {
    Gauge.builder("crossfade.mirror." + name, this, metrics -> figure.of(metrics.state))
        .description(description)
        .tag("migration", migration)
        .strongReference(true)
        .register(registry);
  }

  /** A client has heard of a write that was to be on both sides first. */
  void acknowledged(boolean late, long nanos) {
    if (late) {
      lateAcks.increment();
    }
    ackWaits.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A figure of the canary's state. */
  private interface CanaryFigure {
    double of(CanaryState state);
  }

  /** Not a number while none is sent. */
  private void canary(
      MeterRegistry registry, String name, String description, CanaryFigure figure) {
    Gauge.builder(
            "crossfade.mirror." + name,
            this,
            metrics -> metrics.canary.known() ? figure.of(metrics.canary) : Double.NaN)
        .description(description)
        .tag("migration", migration)
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void canary(CanaryState now) {
    canary = now;
  }

  /** Nothing is mirrored any more. */
  public void stopped() {
    running = false;
    state = UNKNOWN;
    canary = CanaryState.NONE;
  }

  /** Why the way to the other side is not proved to work, in a sentence; empty when it is. */
  public Optional<String> missingCanary() {
    CanaryState now = canary;
    if (!now.known() || now.age().compareTo(CANARY_MISSED) < 0) {
      return Optional.empty();
    }
    String interruption = interruptedBy;
    String why = now.trouble().isEmpty() ? interruption : now.trouble();
    return Optional.of(
        "the canary has not arrived on the other side for "
            + now.age().toSeconds()
            + " s: what is written may not arrive either"
            + (why == null ? "" : ": " + why));
  }

  @Override
  public void carried(int entities) {
    carried.add(entities);
  }

  @Override
  public void failed(SQLException why) {
    failures.increment();
  }

  @Override
  public void buried() {
    buried.increment();
    LOG.atWarn()
        .addKeyValue("migration", migration)
        .log("an entity could not be carried to the other side; see crossfade.dead_letter");
  }

  @Override
  public void bypassed(Bypass bypass) {
    bypassing.add(bypass.changes());
    bypassers.carried(bypass);
  }

  @Override
  public void bypassing(List<Bypass> waiting) {
    bypassers.waiting(waiting);
  }

  /** Who writes past every sidecar, in a sentence; empty when nobody has for some minutes. */
  public Optional<String> bypassers() {
    return bypassers.notice();
  }

  /** What was seen of the log last; empty where it was not seen for a while. */
  public Optional<LogState> log() {
    return running && System.nanoTime() - seenNanos < SEEN_MAX.toNanos()
        ? Optional.of(state)
        : Optional.empty();
  }

  /** Whether something is carried, or was to be. */
  public boolean isRunning() {
    return running;
  }

  @Override
  public void state(LogState seen) {
    seenNanos = System.nanoTime();
    running = true;
    state = seen;
  }

  @Override
  public void works() {
    bypassers.waiting(List.of());
    if (interruptedBy != null) {
      interruptedBy = null;
      LOG.atInfo().addKeyValue("migration", migration).log("the mirror works again");
    }
  }

  @Override
  public void interrupted(SQLException why) {
    interruptions.increment();
    String message = String.valueOf(why.getMessage());
    if (!Objects.equals(interruptedBy, message)) {
      interruptedBy = message;
      LOG.atWarn()
          .addKeyValue("migration", migration)
          .addKeyValue("sqlstate", why.getSQLState())
          .addKeyValue("reason", message)
          .log("the mirror is interrupted");
    }
  }
}
