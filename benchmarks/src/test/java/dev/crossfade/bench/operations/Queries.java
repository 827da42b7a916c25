package dev.crossfade.bench.operations;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What queries of Prometheus name. */
final class Queries {
  private static final Pattern METRIC = Pattern.compile("\\bcrossfade_\\w+");

  private Queries() {}

  /** Every series that docs/metrics.md lists. */
  static Set<String> listed() {
    return Stream.of(MetricFamily.OF_THE_SIDECAR, MetricFamily.OF_THE_CONTROL_PLANE)
        .flatMap(heading -> MetricFamily.listed(heading).stream())
        .flatMap(family -> family.series().stream())
        .collect(Collectors.toSet());
  }

  /** What a query names; empty when that is nothing of ours. */
  static Set<String> named(String query) {
    return METRIC.matcher(query).results().map(found -> found.group()).collect(Collectors.toSet());
  }

  /** What queries name and nobody shows. */
  static Set<String> unknown(Collection<String> queries) {
    Set<String> unknown = new TreeSet<>();
    queries.forEach(query -> unknown.addAll(named(query)));
    unknown.removeAll(listed());
    return unknown;
  }
}
