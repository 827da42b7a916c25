package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.Knee;
import dev.crossfade.api.v1.KneeStep;
import dev.crossfade.api.v1.MeasuredStatement;
import dev.crossfade.bench.plot.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The report's pictures, as SVG. */
final class Plots {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 380;
  private static final int STATEMENTS_MAX = 12;
  private static final double[] PERCENTILES = {
    1, 5, 10, 25, 50, 60, 70, 75, 80, 85, 90, 92, 94, 95, 96, 97, 98, 99, 99.5, 99.9
  };

  private Plots() {}

  /** Times by their share: the further right, the rarer. */
  static String latencies(Map<String, Histogram> ways) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Transactions, from when they were due")
            .xAxisTitle("1 of so many takes longer")
            .yAxisTitle("ms")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    ways.forEach(
        (name, times) -> {
          List<Double> rarity = new ArrayList<>();
          List<Double> millis = new ArrayList<>();
          for (double percentile : PERCENTILES) {
            rarity.add(100 / (100 - percentile));
            millis.add(Math.max(0.001, times.getValueAtPercentile(percentile) / 1e3));
          }
          chart.addSeries(name, rarity, millis).setMarker(SeriesMarkers.NONE);
        });
    return Svg.of(chart);
  }

  /** Medians of the most frequent statements. */
  static String statements(List<MeasuredStatement> statements) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Statements through the sidecar, medians")
            .xAxisTitle("statement, numbered as in the table")
            .yAxisTitle("ms")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    List<String> numbers = new ArrayList<>();
    List<Double> old = new ArrayList<>();
    List<Double> next = new ArrayList<>();
    for (int i = 0; i < Math.min(STATEMENTS_MAX, statements.size()); i++) {
      numbers.add(String.valueOf(i + 1));
      old.add(statements.get(i).getOldP50Micros() / 1e3);
      next.add(statements.get(i).getNewP50Micros() / 1e3);
    }
    chart.addSeries("old", numbers, old);
    chart.addSeries("new", numbers, next);
    return Svg.of(chart);
  }

  /** What was asked for and the 99th percentile that came of it. */
  static String knees(List<Knee> knees) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("The knee")
            .xAxisTitle("transactions a second, asked for")
            .yAxisTitle("99th percentile, ms")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setYAxisLogarithmic(true);
    for (Knee knee : knees) {
      List<KneeStep> steps = new ArrayList<>(knee.getStepsList());
      steps.sort((one, other) -> Double.compare(one.getRate(), other.getRate()));
      chart.addSeries(
          knee.getWay(),
          steps.stream().map(KneeStep::getRate).toList(),
          steps.stream().map(step -> Math.max(0.001, step.getP99Micros() / 1e3)).toList());
    }
    return Svg.of(chart);
  }
}
