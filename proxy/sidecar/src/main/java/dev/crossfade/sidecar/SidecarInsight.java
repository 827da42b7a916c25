package dev.crossfade.sidecar;

import dev.crossfade.core.fault.CircuitBreaker;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.postgresql.command.Insight;
import dev.crossfade.postgresql.command.Row;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.session.MemoryBudget;
import dev.crossfade.postgresql.session.Sessions;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.control.ControlStatus;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What the process tells of itself over a client's own connection. */
final class SidecarInsight implements Insight {
  /** What all sessions share; every part is safe on any thread. */
  record Shared(
      Routing routing, CircuitBreaker circuit, Sessions sessions, MemoryBudget statements) {}

  private final SidecarConfig config;
  private final SidecarMetrics metrics;
  private final RoutingUpdater updater;
  private final Shared shared;
  private final Supplier<Optional<ControlStatus>> control;
  private final long startNanos = System.nanoTime();

  /**
   * @param control empty where none is configured
   */
  SidecarInsight(
      SidecarConfig config,
      SidecarMetrics metrics,
      RoutingUpdater updater,
      Shared shared,
      Supplier<Optional<ControlStatus>> control) {
    this.config = config;
    this.metrics = metrics;
    this.updater = updater;
    this.shared = shared;
    this.control = control;
  }

  @Override
  public List<Row> status() {
    List<Row> rows = new ArrayList<>();
    rows.add(Row.of("version", Version.text()));
    rows.add(Row.of("service", config.service()));
    rows.add(Row.of("instance", config.instance()));
    rows.add(
        Row.of(
            "uptime_seconds",
            Long.toString(Duration.ofNanos(System.nanoTime() - startNanos).toSeconds())));
    rows.add(number("sessions", shared.sessions().count()));
    rows.add(number("sessions_limit", shared.sessions().limit()));
    rows.add(number("sessions_refused", shared.sessions().refused()));
    rows.add(Row.of("draining", yesOrNo(shared.sessions().isDraining())));
    rows.add(number("snapshot_version", shared.routing().flags().version()));
    addControl(rows);
    rows.add(Row.of("circuit_of_new", shared.circuit().isOpen() ? "open" : "closed"));
    Runtime runtime = Runtime.getRuntime();
    rows.add(number("heap_bytes", runtime.totalMemory() - runtime.freeMemory()));
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
      rows.add(number("buffer_bytes", buffers.metric().usedDirectMemory()));
    }
    rows.add(number("statement_bytes", shared.statements().taken()));
    rows.add(number("plan_bytes", plans(lenses -> lenses.plans().bytes())));
    return rows;
  }

  private void addControl(List<Row> rows) {
    Optional<ControlStatus> status = control.get();
    rows.add(
        Row.of(
            "control_plane",
            config.controlPlane().isEmpty()
                ? "none"
                : status.filter(ControlStatus::connected).isPresent()
                    ? "connected"
                    : "disconnected"));
    status.ifPresent(
        known -> {
          rows.add(number("snapshot_offered", known.offeredVersion()));
          rows.add(Row.of("snapshot_refusal", emptyAsNull(known.refusal())));
          rows.add(Row.of("control_plane_failure", emptyAsNull(known.lastFailure())));
        });
  }

  @Override
  public List<Row> routes() {
    List<Row> rows = new ArrayList<>();
    metrics.routes().entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<SidecarMetrics.Route, Long> e) -> e.getKey().migration())
                .thenComparing(e -> e.getKey().side())
                .thenComparing(e -> e.getKey().reason()))
        .forEach(
            entry ->
                rows.add(
                    Row.of(
                        "batches",
                        emptyAsNull(entry.getKey().migration()),
                        entry.getKey().side().name().toLowerCase(Locale.ROOT),
                        entry.getKey().reason().name(),
                        entry.getValue().toString())));
    metrics
        .fallbacksByCause()
        .forEach(
            (cause, count) ->
                rows.add(Row.of("fallbacks", null, null, cause.name(), count.toString())));
    rows.add(figure("plans", plans(lenses -> lenses.plans().size())));
    rows.add(figure("plan_hits", plans(lenses -> lenses.plans().hits())));
    rows.add(figure("plan_misses", plans(lenses -> lenses.plans().misses())));
    return rows;
  }

  @Override
  public List<Row> migrations() {
    return updater.states().stream()
        .map(
            state -> {
              MigrationFlags asked = state.asked();
              boolean stale = shared.routing().unmirrored().contains(asked.migration());
              return Row.of(
                  asked.migration(),
                  asked.stage().name(),
                  (state.inForce() ? asked.effectiveReads() : ReadShare.NONE).toString(),
                  asked.stickiness().name().toLowerCase(Locale.ROOT),
                  asked.consistency().freshness().toString(),
                  asked.consistency().ack().toString(),
                  authority(asked.migration()),
                  yesOrNo(state.inForce()),
                  yesOrNo(stale),
                  emptyAsNull(state.problem()));
            })
        .toList();
  }

  private String authority(String migration) {
    return shared.routing().authority(migration).name().toLowerCase(Locale.ROOT);
  }

  private long plans(ToLongFunction<Lenses> figure) {
    Lenses lenses = shared.routing().lenses();
    return lenses == null ? 0 : figure.applyAsLong(lenses);
  }

  private static Row number(String name, long value) {
    return Row.of(name, Long.toString(value));
  }

  private static Row figure(String what, long count) {
    return Row.of(what, null, null, null, Long.toString(count));
  }

  private static String yesOrNo(boolean yes) {
    return yes ? "yes" : "no";
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
