package dev.crossfade.sidecar;

import dev.crossfade.api.v1.CircuitState;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.LatencyBucket;
import dev.crossfade.api.v1.LatencyHistogram;
import dev.crossfade.api.v1.Notice;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.RoutedCount;
import dev.crossfade.core.fault.CircuitBreaker;
import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.shadow.Shadow;
import dev.crossfade.sidecar.control.ReportSource;
import dev.crossfade.sidecar.inventory.InventoryPages;
import dev.crossfade.sidecar.metrics.SidecarMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/** What the sidecar tells the control plane every second: what was counted since the last time. */
final class Reports implements ReportSource {
  /** Upper edges in microseconds: 1-2-5 steps from 10 µs to 50 s. */
  private static final long[] EDGES = edges();

  private static final int NOTICE_MAX = 1_024;

  /** As many as the control plane takes in one report. */
  private static final int NOTICES_MAX = 20;

  /** Half of the notices that the control plane takes from one report. */
  private static final int MOST_DIFFERENCES = 10;

  private final SidecarMetrics metrics;
  private final CircuitBreaker circuit;
  private final Routing routing;
  private final InventoryPages pages;
  private final @Nullable Parity parity;
  private final @Nullable Shadow shadow;
  private final Map<SidecarMetrics.Route, Long> reported = new HashMap<>();
  private long reportedFallbacks;

  Reports(
      SidecarMetrics metrics,
      CircuitBreaker circuit,
      Routing routing,
      InventoryPages pages,
      @Nullable Parity parity,
      @Nullable Shadow shadow) {
    this.metrics = metrics;
    this.circuit = circuit;
    this.routing = routing;
    this.pages = pages;
    this.parity = parity;
    this.shadow = shadow;
  }

  private static long[] edges() {
    long[] edges = new long[21];
    long decade = 10;
    for (int i = 0; i < edges.length; i += 3, decade *= 10) {
      edges[i] = decade;
      edges[i + 1] = 2 * decade;
      edges[i + 2] = 5 * decade;
    }
    return edges;
  }

  @Override
  public Report take() {
    Report.Builder report = Report.newBuilder();
    metrics.routes().forEach((route, total) -> add(report, route, total));
    for (Side side : Side.values()) {
      addLatencies(report, side);
    }
    long fallbacks = metrics.fallbacks();
    report.setFallbacks(fallbacks - reportedFallbacks);
    reportedFallbacks = fallbacks;
    report.setSessions(metrics.sessions());
    report.setCircuit(
        circuit.isOpen() ? CircuitState.CIRCUIT_STATE_OPEN : CircuitState.CIRCUIT_STATE_CLOSED);
    for (String migration : routing.unmirrored()) {
      notice(
          report,
          "UNMIRRORED_WRITE",
          migration,
          "a mapped table was written through this sidecar while nothing mirrors it; its reads stay"
              + " on old until the stage leaves RAMP and the data are copied again");
    }
    metrics
        .mirrors()
        .forEach(
            (migration, mirror) -> {
              mirror
                  .bypassers()
                  .ifPresent(why -> notice(report, "BYPASSING_WRITER", migration, why));
              mirror
                  .missingCanary()
                  .ifPresent(why -> notice(report, "CANARY_MISSING", migration, why));
            });
    addDifferences(report);
    if (shadow != null) {
      ComparisonReport.add(report, shadow.comparisons());
    }
    return report.build();
  }

  private static void notice(Report.Builder report, String code, String migration, String why) {
    if (report.getNoticesCount() == NOTICES_MAX) {
      return;
    }
    String message = why.length() <= NOTICE_MAX ? why : why.substring(0, NOTICE_MAX);
    report.addNotices(
        Notice.newBuilder().setCode(code).setMigration(migration).setMessage(message));
  }

  /** A notice is repeated for as long as it holds. */
  private void addDifferences(Report.Builder report) {
    if (parity != null) {
      parity.findings().confirmed().stream()
          .limit(MOST_DIFFERENCES)
          .forEach(found -> notice(report, "WRITE_DIFFERS", found.migration(), found.message()));
    }
  }

  @Override
  public Optional<InventoryPage> inventory(long stream) {
    return pages.next(stream);
  }

  @Override
  public void inventoryAcked(long number) {
    pages.acked(number);
  }

  private void add(Report.Builder report, SidecarMetrics.Route route, long total) {
    long count = total - reported.getOrDefault(route, 0L);
    if (count > 0) {
      reported.put(route, total);
      report.addRouted(
          RoutedCount.newBuilder()
              .setMigration(route.migration())
              .setSide(side(route.side()))
              .setReason(route.reason().name())
              .setCount(count));
    }
  }

  private void addLatencies(Report.Builder report, Side side) {
    long[] counts = new long[EDGES.length];
    boolean any = false;
    for (HistogramIterationValue value : metrics.takeLatencies(side).recordedValues()) {
      int edge = 0;
      while (edge < EDGES.length - 1 && EDGES[edge] < value.getValueIteratedTo()) {
        edge++;
      }
      counts[edge] += value.getCountAddedInThisIterationStep();
      any = true;
    }
    if (any) {
      LatencyHistogram.Builder histogram = LatencyHistogram.newBuilder().setSide(side(side));
      for (int edge = 0; edge < EDGES.length; edge++) {
        if (counts[edge] > 0) {
          histogram.addBuckets(
              LatencyBucket.newBuilder().setUpperMicros(EDGES[edge]).setCount(counts[edge]));
        }
      }
      report.addLatencies(histogram);
    }
  }

  private static dev.crossfade.api.v1.Side side(Side side) {
    return side == Side.OLD
        ? dev.crossfade.api.v1.Side.SIDE_OLD
        : dev.crossfade.api.v1.Side.SIDE_NEW;
  }
}
