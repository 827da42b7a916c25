package dev.crossfade.server.console.page;

import dev.crossfade.server.console.view.Chart;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the whole fleet serves, for a template.
 *
 * @param known whether anything was measured yet
 * @param onOld batches of old in a second
 * @param onNew batches of new in a second
 * @param newPercent how much of it is new's, for people
 * @param newWidth the same, from 0 to 100
 * @param top the highest rate that the chart shows
 * @param chart SVG
 * @param minutes how far the chart goes back
 */
public record TrafficView(
    boolean known,
    String onOld,
    String onNew,
    String newPercent,
    double newWidth,
    String top,
    String chart,
    int minutes) {
  private static final int SECONDS_PER_SAMPLE = 5;

  static TrafficView of(List<TrafficLog.Sample> samples) {
    List<Chart.Line> lines =
        List.of(
            new Chart.Line("old", values(samples, true)),
            new Chart.Line("new", values(samples, false)));
    double top = Chart.top(lines);
    TrafficLog.Sample now = samples.isEmpty() ? new TrafficLog.Sample(0, 0) : samples.getLast();
    return new TrafficView(
        !samples.isEmpty(),
        Words.rate(now.onOld()),
        Words.rate(now.onNew()),
        String.format(Locale.ROOT, "%.1f%%", now.newPercent()),
        now.newPercent(),
        Words.rate(top),
        Chart.svg(lines, top, TrafficLog.SAMPLES_MAX),
        TrafficLog.SAMPLES_MAX * SECONDS_PER_SAMPLE / 60);
  }

  private static List<@Nullable Double> values(List<TrafficLog.Sample> samples, boolean old) {
    return samples.stream()
        .<@Nullable Double>map(sample -> old ? sample.onOld() : sample.onNew())
        .toList();
  }
}
