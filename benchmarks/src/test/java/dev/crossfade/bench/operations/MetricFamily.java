package dev.crossfade.bench.operations;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One metric, as it is shown and as it is listed.
 *
 * @param name as a query names it; of a histogram without {@code _bucket}
 * @param type counter, gauge or histogram
 * @param labels without a histogram's {@code le}
 */
record MetricFamily(String name, String type, SortedSet<String> labels)
    implements Comparable<MetricFamily> {
  static final String PAGE = "docs/metrics.md";
  static final String OF_THE_SIDECAR = "## The sidecar";
  static final String OF_THE_CONTROL_PLANE = "## The control plane";

  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+(?: \\d+)?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final List<String> PARTS = List.of("_bucket", "_count", "_sum");

  MetricFamily {
    labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
  }

  @Override
  public int compareTo(MetricFamily other) {
    return Comparator.comparing(MetricFamily::name)
        .thenComparing(MetricFamily::type)
        .thenComparing(family -> String.join(",", family.labels))
        .compare(this, other);
  }

  @Override
  public String toString() {
    return name + " (" + type + "; " + String.join(", ", labels) + ")";
  }

  /** The names that a query may use. */
  Set<String> series() {
    return type.equals("histogram")
        ? PARTS.stream().map(part -> name + part).collect(Collectors.toSet())
        : Set.of(name);
  }

  /** What is listed under this heading of {@value #PAGE}. */
  static SortedSet<MetricFamily> listed(String heading) {
    SortedSet<MetricFamily> listed = new TreeSet<>();
    for (List<String> row : Repository.rows(Repository.section(Repository.read(PAGE), heading))) {
      listed.add(
          new MetricFamily(
              codes(row.get(0)).first(), row.get(1), codes(row.get(2).replace("–", ""))));
    }
    return listed;
  }

  private static SortedSet<String> codes(String cell) {
    return CODE.matcher(cell)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What a scrape shows; the maximum that comes with each timer is a gauge of its own. */
  static SortedSet<MetricFamily> shown(String scrape) {
    Map<String, String> types = new TreeMap<>();
    Map<String, SortedSet<String>> labels = new TreeMap<>();
    for (String line : scrape.split("\n")) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        types.put(type.group(1), type.group(2));
      } else if (!line.startsWith("#") && sample.matches()) {
        SortedSet<String> names =
            labels.computeIfAbsent(family(sample.group(1), types), name -> new TreeSet<>());
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
          names.add(label.group(1));
        }
        names.remove("le");
      }
    }
    SortedSet<MetricFamily> shown = new TreeSet<>();
    labels.forEach(
        (name, names) ->
            shown.add(new MetricFamily(name, types.getOrDefault(name, "untyped"), names)));
    return shown;
  }

  private static String family(String sample, Map<String, String> types) {
    for (String part : PARTS) {
      if (sample.endsWith(part)
          && "histogram".equals(types.get(sample.substring(0, sample.length() - part.length())))) {
        return sample.substring(0, sample.length() - part.length());
      }
    }
    return sample;
  }
}
