package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.SideFigures;
import dev.crossfade.api.v1.SignalPoint;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.server.console.view.Chart;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How much both sides answer, and how fast; where signals are not kept, what the fleet counts. */
record TrafficSection(TrafficLog fleet) implements Section {
  /**
   * Figures of a migration.
   *
   * @param share of new among the reads that either could have answered, measured
   * @param mirror where the mirror stands; empty when nobody says
   * @param rates SVG
   * @param latencies SVG
   */
  public record View(
      String share,
      SideView onOld,
      SideView onNew,
      String mirror,
      int reporting,
      int silent,
      String topRate,
      String rates,
      String topLatency,
      String latencies,
      String window) {
    static View of(Signals signals) {
      List<SignalPoint> points = signals.getPointsList();
      List<Chart.Line> rates =
          List.of(
              line("old", points, point -> rate(point, point.getOnOld())),
              line("new", points, point -> rate(point, point.getOnNew())));
      List<Chart.Line> latencies =
          List.of(
              line("old p99", points, point -> latency(point.getOnOld().getP99Micros())),
              line("new p99", points, point -> latency(point.getOnNew().getP99Micros())),
              line("old", points, point -> latency(point.getOnOld().getP50Micros())),
              line("new", points, point -> latency(point.getOnNew().getP50Micros())));
      double topRate = Chart.top(rates);
      double topLatency = Chart.top(latencies);
      double seconds = Math.max(1, Words.millis(signals.getWindow()) / 1e3);
      return new View(
          signals.getRoutableReads() == 0
              ? "–"
              : String.format(
                  Locale.ROOT,
                  "%.2f%%",
                  100.0 * signals.getRoutableReadsOnNew() / signals.getRoutableReads()),
          SideView.of(signals.getOnOld(), seconds),
          SideView.of(signals.getOnNew(), seconds),
          mirror(signals),
          signals.getReporting(),
          signals.getSilent(),
          Words.rate(topRate),
          Chart.svg(rates, topRate, POINTS),
          Words.latency(Math.round(topLatency)),
          Chart.svg(latencies, topLatency, POINTS),
          Words.span(signals.getWindow()));
    }

    private static Chart.Line line(
        String name, List<SignalPoint> points, Function<SignalPoint, @Nullable Double> value) {
      return new Chart.Line(name, points.stream().<@Nullable Double>map(value).toList());
    }

    private static Double rate(SignalPoint point, SideFigures side) {
      return side.getAnswers() / Math.max(1, Words.millis(point.getLength()) / 1e3);
    }

    private static @Nullable Double latency(long micros) {
      return micros == 0 ? null : (double) micros;
    }

    private static String mirror(Signals signals) {
      if (!signals.hasMirror()) {
        return "";
      }
      long pending = signals.getMirror().getPending();
      String lag =
          signals.getMirror().hasLag()
              ? ", " + Words.count(Words.millis(signals.getMirror().getLag())) + " ms behind"
              : "";
      long letters = signals.getMirror().getDeadLetters();
      return (pending < 0 ? "not known" : Words.count(pending) + " pending")
          + lag
          + (letters > 0 ? ", " + Words.count(letters) + " given up" : "");
    }
  }

  /** One side. */
  public record SideView(String rate, String p50, String p99, String errors) {
    static SideView of(SideFigures side, double seconds) {
      long errors = side.getErrorsList().stream().mapToLong(error -> error.getCount()).sum();
      return new SideView(
          Words.rate(side.getAnswers() / seconds),
          side.getP50Micros() == 0 ? "–" : Words.latency(side.getP50Micros()),
          side.getP99Micros() == 0 ? "–" : Words.latency(side.getP99Micros()),
          errors == 0 ? "" : Words.count(errors, "error", "errors"));
    }
  }

  /** How many points the charts have. */
  static final int POINTS = 150;

  @Override
  public String id() {
    return "traffic";
  }

  @Override
  public String width() {
    return "half";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    Optional<Signals> signals = facts.signals();
    return signals.isPresent()
        ? Map.of("known", true, "view", View.of(signals.get()), "traffic", "")
        : Map.of(
            "known",
            false,
            "view",
            "",
            "traffic",
            TrafficView.of(fleet.seen(facts.fleet().getSidecarsList())));
  }
}
