package dev.crossfade.bench.history;

import dev.crossfade.bench.plot.Html;
import dev.crossfade.bench.plot.Svg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** How each figure moved: a chart and a row of a table. */
final class HistoryPage {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 230;
  private static final int DAY_LENGTH = "2026-01-01".length();
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;max-width:980px;margin:2em auto;padding:0 1em;color:#1d2433;background:#fff}
      figure{display:inline-block;margin:0 1em 1em 0}figcaption{font-size:13px}svg{max-width:100%;height:auto}
      """;

  /** The figures of each benchmark, each with its measurements in the order of their times. */
  private final Map<String, Map<String, List<Measured>>> benches = new TreeMap<>();

  HistoryPage(List<Measured> all) {
    for (Measured measured : all) {
      benches
          .computeIfAbsent(measured.bench(), bench -> new LinkedHashMap<>())
          .computeIfAbsent(measured.figure(), figure -> new ArrayList<>())
          .add(measured);
    }
    benches
        .values()
        .forEach(
            figures ->
                figures.values().forEach(its -> its.sort((a, b) -> a.time().compareTo(b.time()))));
  }

  /** A row for each figure: how it stands to the median of all runs before. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append("| benchmark | figure | runs | median before | last | last / before |\n");
    text.append("|---|---|---:|---:|---:|---:|\n");
    benches.forEach(
        (bench, figures) ->
            figures.forEach(
                (figure, its) -> {
                  double last = its.getLast().value();
                  double before =
                      median(
                          its.subList(0, its.size() - 1).stream()
                              .mapToDouble(Measured::value)
                              .toArray());
                  text.append("| ")
                      .append(String.join(" | ", bench, figure, String.valueOf(its.size())))
                      .append(" | ")
                      .append(shown(before))
                      .append(" | ")
                      .append(shown(last))
                      .append(" | ")
                      .append(shown(before == 0 ? Double.NaN : last / before))
                      .append(" |\n");
                }));
    return text.toString();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values.length == 0 ? Double.NaN : values[values.length / 2];
  }

  private static String shown(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3g", value);
  }

  /** One page that needs nothing beside it. */
  String html() {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>History</title>")
        .append("<style>")
        .append(STYLE)
        .append("</style><h1>What the benchmarks measured so far</h1>");
    benches.forEach(
        (bench, figures) -> {
          page.append("<h2>").append(Html.escaped(bench)).append("</h2>");
          figures.forEach(
              (figure, its) ->
                  page.append("<figure>")
                      .append(chart(figure, its))
                      .append("<figcaption>")
                      .append(Html.escaped(figure))
                      .append(": ")
                      .append(shown(its.getLast().value()))
                      .append(its.getLast().commit().isEmpty() ? "" : " at ")
                      .append(Html.escaped(its.getLast().commit()))
                      .append(", ")
                      .append(period(its))
                      .append("</figcaption></figure>"));
        });
    return page.append("</html>\n").toString();
  }

  private static String period(List<Measured> its) {
    String first = its.getFirst().at().substring(0, DAY_LENGTH);
    String last = its.getLast().at().substring(0, DAY_LENGTH);
    return first.equals(last) ? last : first + " to " + last;
  }

  /** A line for each machine: figures of two are not to be compared. */
  private static String chart(String figure, List<Measured> its) {
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(figure).build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideN);
    chart.getStyler().setDatePattern("MM-dd HH:mm").setYAxisMin(0.0);
    Map<String, List<Measured>> machines = new LinkedHashMap<>();
    its.forEach(one -> machines.computeIfAbsent(one.machine(), name -> new ArrayList<>()).add(one));
    chart.getStyler().setLegendVisible(machines.size() > 1);
    machines.forEach(
        (machine, ofIt) ->
            chart.addSeries(
                machine.isEmpty() ? "unknown" : machine,
                ofIt.stream().map(one -> Date.from(one.time())).toList(),
                ofIt.stream().map(Measured::value).toList()));
    return Svg.of(chart);
  }
}
