package dev.crossfade.bench.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One reading of the sidecar's {@code /metrics}. */
public final class Scrape {
  private static final Pattern LINE = Pattern.compile("([a-z_]+)(?:\\{(.*)})? (\\S+)(?: \\d+)?");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final List<Sample> samples;

  private record Sample(String name, Map<String, String> labels, double value) {}

  private Scrape(List<Sample> samples) {
    this.samples = samples;
  }

  /** Reads Prometheus' text format; what is not a sample is passed over. */
  public static Scrape parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.split("\n")) {
      Matcher matcher = LINE.matcher(line);
      if (!line.startsWith("#") && matcher.matches()) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(matcher.group(2) == null ? "" : matcher.group(2));
        while (label.find()) {
          labels.put(label.group(1), label.group(2));
        }
        String value = matcher.group(3);
        samples.add(
            new Sample(
                matcher.group(1),
                labels,
                value.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value)));
      }
    }
    return new Scrape(samples);
  }

  /** The sum of the samples of this name that have all these labels; 0 where there is none. */
  public double sum(String name, Map<String, String> labels) {
    double sum = 0;
    for (Sample sample : samples) {
      if (sample.name.equals(name) && sample.labels.entrySet().containsAll(labels.entrySet())) {
        sum += sample.value;
      }
    }
    return sum;
  }

  /**
   * A percentile of a histogram over the time between an earlier reading and this one, in the
   * histogram's unit.
   *
   * @param fraction 0.99 for the 99th percentile
   * @return empty when nothing was counted in between; else interpolated within the bucket
   */
  public OptionalDouble percentile(
      String histogram, Map<String, String> labels, double fraction, Scrape earlier) {
    TreeMap<Double, Double> buckets = buckets(histogram, labels);
    TreeMap<Double, Double> before = earlier.buckets(histogram, labels);
    buckets.replaceAll((limit, count) -> count - before.getOrDefault(limit, 0.0));
    if (buckets.isEmpty() || buckets.lastEntry().getValue() <= 0) {
      return OptionalDouble.empty();
    }
    double rank = buckets.lastEntry().getValue() * fraction;
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      if (bucket.getValue() >= rank) {
        double within = bucket.getValue() - below;
        boolean open = bucket.getKey().isInfinite();
        return OptionalDouble.of(
            open || within == 0
                ? lower
                : lower + (bucket.getKey() - lower) * (rank - below) / within);
      }
      lower = bucket.getKey();
      below = bucket.getValue();
    }
    return OptionalDouble.of(lower);
  }

  /** Cumulative counts by upper limit. */
  private TreeMap<Double, Double> buckets(String histogram, Map<String, String> labels) {
    TreeMap<Double, Double> buckets = new TreeMap<>();
    for (Sample sample : samples) {
      String limit = sample.labels.get("le");
      if (limit != null
          && sample.name.equals(histogram + "_bucket")
          && sample.labels.entrySet().containsAll(labels.entrySet())) {
        double upper = limit.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(limit);
        buckets.merge(upper, sample.value, Double::sum);
      }
    }
    return buckets;
  }
}
