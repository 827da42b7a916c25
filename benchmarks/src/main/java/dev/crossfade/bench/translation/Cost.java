package dev.crossfade.bench.translation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * What one of the benchmarks found.
 *
 * @param what in words
 * @param micros for one statement
 * @param error of these, half of the interval in which the mean lies with 99.9 %; NaN when unknown
 * @param bar that it must not exceed, in microseconds; infinite when there is none
 */
record Cost(String what, double micros, double error, double bar) {
  private static final double CACHED_BAR = 3;
  private static final double COLD_BAR = 1_000;

  /**
   * @param name of the benchmark's method in lower case
   */
  static Cost of(String name, double micros, double error) {
    return switch (name) {
      case "cachedpointread" -> new Cost("point read, cached", micros, error, CACHED_BAR);
      case "cachedjoin" -> new Cost("join of two tables, cached", micros, error, CACHED_BAR);
      case "cachedfortylines" -> new Cost("query of 40 lines, cached", micros, error, CACHED_BAR);
      case "cachedfortylinesotherliterals" ->
          new Cost(
              "query of 40 lines, cached, with another literal each time",
              micros,
              error,
              Double.POSITIVE_INFINITY);
      case "nomappedtable" -> new Cost("statement of other tables", micros, error, CACHED_BAR);
      case "coldpointread" -> new Cost("point read, first seen", micros, error, COLD_BAR);
      case "coldfortylines" -> new Cost("query of 40 lines, first seen", micros, error, COLD_BAR);
      default -> throw new IllegalArgumentException("no benchmark is called " + name);
    };
  }

  boolean isMet() {
    return micros <= bar;
  }

  static String markdown(List<Cost> costs, List<String> conditions) {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n| what | µs | ± | at most | |\n| --- | ---: | ---: | ---: | --- |\n");
    for (Cost cost : costs) {
      boolean barred = Double.isFinite(cost.bar);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %s | %s |%n",
              cost.what,
              cost.micros,
              cost.error,
              barred ? String.format(Locale.ROOT, "%.0f", cost.bar) : "",
              barred ? cost.isMet() ? "met" : "**missed**" : ""));
    }
    return text.toString();
  }

  static Map<String, Double> history(List<Cost> costs) {
    return costs.stream().collect(Collectors.toMap(cost -> cost.what + ", µs", Cost::micros));
  }

  static String json(List<Cost> costs) {
    StringJoiner entries = new StringJoiner(",\n  ", "[\n  ", "\n]\n");
    for (Cost cost : costs) {
      entries.add(
          String.format(
              Locale.ROOT, "{\"what\": \"%s\", \"micros\": %.3f}", cost.what, cost.micros));
    }
    return entries.toString();
  }
}
