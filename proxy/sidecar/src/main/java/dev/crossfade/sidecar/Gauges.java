package dev.crossfade.sidecar;

import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.session.MemoryBudget;
import dev.crossfade.postgresql.session.ProxyContext;
import dev.crossfade.postgresql.session.Sessions;
import dev.crossfade.sidecar.control.ControlStatus;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The figures that other parts keep for themselves, as metrics. */
final class Gauges {
  private Gauges() {}

  /**
   * @param control how it stands with the control plane
   * @param standby whether a process stands by
   */
  static void register(
      SidecarMetrics metrics,
      ProxyContext context,
      Supplier<ControlStatus> control,
      BooleanSupplier standby) {
    Routing routing = context.routing();
    metrics.gauge(
        "crossfade.circuit.open",
        "1 while new is not tried",
        context.circuit(),
        open -> open.isOpen() ? 1 : 0);
    metrics.gauge(
        "crossfade.sessions.limit",
        "Client sessions admitted at once",
        context.sessions(),
        Sessions::limit);
    metrics.counter(
        "crossfade.sessions.refused",
        "Clients refused because the limit was reached",
        context.sessions(),
        Sessions::refused);
    metrics.gauge(
        "crossfade.snapshot.version",
        "Version of the snapshot in force",
        routing,
        r -> r.flags().version());
    metrics.gauge(
        "crossfade.plans", "Plans in the cache", routing, plans(found -> found.plans().size()));
    metrics.gauge(
        "crossfade.plan.bytes",
        "Memory of the plans in the cache",
        routing,
        plans(found -> found.plans().bytes()));
    metrics.gauge(
        "crossfade.statement.bytes",
        "Memory of prepared statements that sessions remember",
        context.statementBudget(),
        MemoryBudget::taken);
    metrics.counter(
        "crossfade.plan.hits",
        "Plans found in the cache",
        routing,
        plans(found -> found.plans().hits()));
    metrics.counter(
        "crossfade.plan.misses",
        "Plans not found in the cache",
        routing,
        plans(found -> found.plans().misses()));
    metrics.gauge(
        "crossfade.control.connected",
        "1 while the control plane is heard",
        control,
        status -> status.get().connected() ? 1 : 0);
    metrics.gauge(
        "crossfade.control.turned.away",
        "1 while the control plane does not let this sidecar in",
        control,
        status -> status.get().turnedAway() ? 1 : 0);
    metrics.gauge(
        "crossfade.standby",
        "1 while a process stands by to take over",
        standby,
        there -> there.getAsBoolean() ? 1 : 0);
    metrics.gauge(
        "crossfade.heap.bytes",
        "Heap in use, garbage included",
        Runtime.getRuntime(),
        runtime -> runtime.totalMemory() - runtime.freeMemory());
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
      metrics.gauge(
          "crossfade.buffer.bytes",
          "Memory outside the heap that buffers hold",
          buffers.metric(),
          ByteBufAllocatorMetric::usedDirectMemory);
    }
  }

  private static ToDoubleFunction<Routing> plans(ToDoubleFunction<Lenses> figure) {
    return routing -> {
      Lenses lenses = routing.lenses();
      return lenses == null ? 0 : figure.applyAsDouble(lenses);
    };
  }
}
