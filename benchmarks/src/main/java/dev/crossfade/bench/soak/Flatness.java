package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Vitals.Vital;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Whether a figure grew over a run: the median of the last quarter of the samples against the
 * median of the second. The first quarter is warming up and does not count.
 *
 * @param second median of the second quarter
 * @param last median of the last quarter
 * @param slope per million queries, from the second quarter on: the median of the slopes between
 *     all pairs of samples, which no single outlier moves
 * @param allowed how much {@code last} may be above {@code second}
 */
record Flatness(Vital vital, double second, double last, double slope, double allowed) {
  /** Too few to tell a trend from noise. */
  static final int FEWEST_SAMPLES = 12;

  private static final double MEMORY_TOLERANCE = 0.05;

  /** Less than these take for a handful of clients. */
  private static final double MEMORY_SLACK_KIB = 128;

  private static final double COUNT_TOLERANCE = 0.05;

  /** Clients that come and go are caught by a sample between two connections. */
  private static final double COUNT_SLACK = 4;

  boolean isFlat() {
    return last - second <= allowed;
  }

  /**
   * Of the figures that must not grow.
   *
   * @param samples in the order of time, at least {@link #FEWEST_SAMPLES}
   */
  static List<Flatness> judge(List<Vitals> samples) {
    List<Flatness> judged = new ArrayList<>();
    for (Vital vital : Vital.values()) {
      ToDoubleFunction<Vitals> value = sample -> sample.value(vital);
      int quarter = samples.size() / 4;
      double second = median(samples.subList(quarter, 2 * quarter), value);
      double last = median(samples.subList(samples.size() - quarter, samples.size()), value);
      double slope = slope(samples.subList(quarter, samples.size()), vital);
      judged.add(new Flatness(vital, second, last, slope, allowed(vital, second)));
    }
    return judged;
  }

  /** Garbage comes and goes, and is resident anyway; the rest is to stay. */
  private static double allowed(Vital vital, double second) {
    return switch (vital) {
      case HEAP_KIB -> Double.POSITIVE_INFINITY;
      case RESIDENT_KIB -> second * MEMORY_TOLERANCE;
      case BUFFER_KIB, STATEMENT_KIB -> second * MEMORY_TOLERANCE + MEMORY_SLACK_KIB;
      case SESSIONS, DESCRIPTORS, SOCKETS, THREADS, OLD_BACKENDS, NEW_BACKENDS ->
          second * COUNT_TOLERANCE + COUNT_SLACK;
    };
  }

  private static double median(List<Vitals> samples, ToDoubleFunction<Vitals> value) {
    return median(samples.stream().mapToDouble(value).toArray());
  }

  private static double slope(List<Vitals> samples, Vital vital) {
    double[] slopes = new double[samples.size() * (samples.size() - 1) / 2];
    int count = 0;
    for (int i = 0; i < samples.size(); i++) {
      for (int j = i + 1; j < samples.size(); j++) {
        double queries = samples.get(j).queries() - samples.get(i).queries();
        if (queries > 0) {
          double grown = samples.get(j).value(vital) - samples.get(i).value(vital);
          slopes[count++] = grown / queries * 1e6;
        }
      }
    }
    return median(Arrays.copyOf(slopes, count));
  }

  private static double median(double[] values) {
    if (values.length == 0) {
      return 0;
    }
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
