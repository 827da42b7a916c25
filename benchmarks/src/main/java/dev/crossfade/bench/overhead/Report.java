package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.Figures.Figure;
import dev.crossfade.bench.overhead.Figures.Key;
import dev.crossfade.bench.overhead.Figures.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.StringJoiner;

/** The figures as tables for people and as JSON for programs. */
final class Report {
  private static final String OURS = "Crossfade";

  private final Figures figures;
  private final List<String> conditions;

  /**
   * @param conditions under which it was measured, a sentence each
   */
  Report(Figures figures, List<String> conditions) {
    this.figures = figures;
    this.conditions = List.copyOf(conditions);
  }

  /** Medians, in Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append("- ").append(line).append('\n'));
    for (Section section : Section.values()) {
      List<String> workloads = workloads(section);
      if (!workloads.isEmpty()) {
        text.append("\n### ").append(section.title()).append("\n\n");
        switch (section) {
          case LATENCY, ROUTED ->
              workloads.forEach(workload -> text.append(latencies(section, workload)));
          case THROUGHPUT -> text.append(rates(workloads));
          case MEMORY -> text.append(plain(section, workloads, Figure.RESIDENT_MIB));
          case IDLE -> workloads.forEach(workload -> text.append(idle(workload)));
          case STARTUP -> text.append(plain(section, workloads, Figure.START_MILLIS));
        }
      }
    }
    return text.toString();
  }

  private String latencies(Section section, String workload) {
    StringBuilder text = new StringBuilder();
    text.append("| ")
        .append(workload)
        .append(" | p50 µs | added | p99 µs | added | proxy CPU µs/query |\n");
    text.append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    String base = figures.contenders(section).getFirst();
    for (String contender : figures.contenders(section)) {
      StringJoiner row = new StringJoiner(" | ", "| ", " |\n").add(contender);
      for (Figure figure : List.of(Figure.P50_MICROS, Figure.P99_MICROS)) {
        OptionalDouble value = figures.median(new Key(section, workload, contender, figure));
        OptionalDouble floor = figures.median(new Key(section, workload, base, figure));
        row.add(shown(value, figure.digits()));
        row.add(
            contender.equals(base) || value.isEmpty() || floor.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%+.1f", value.getAsDouble() - floor.getAsDouble()));
      }
      row.add(
          shown(
              figures.median(new Key(section, workload, contender, Figure.CPU_MICROS)),
              Figure.CPU_MICROS.digits()));
      text.append(row);
    }
    return text.append('\n').toString();
  }

  private String idle(String workload) {
    List<Figure> shown =
        List.of(Figure.EACH_KIB, Figure.BEFORE_MIB, Figure.OPEN_MIB, Figure.AFTER_MIB);
    StringBuilder text = new StringBuilder("| " + workload + " |");
    shown.forEach(figure -> text.append(' ').append(figure.label()).append(" |"));
    text.append("\n| --- |").append(" ---: |".repeat(shown.size())).append('\n');
    for (String contender : figures.contenders(Section.IDLE)) {
      StringJoiner row = new StringJoiner(" | ", "| ", " |\n").add(contender);
      for (Figure figure : shown) {
        row.add(
            shown(
                figures.median(new Key(Section.IDLE, workload, contender, figure)),
                figure.digits()));
      }
      text.append(row);
    }
    return text.append('\n').toString();
  }

  /** Queries per second, in brackets the share of what direct connections reach. */
  private String rates(List<String> workloads) {
    StringBuilder text = new StringBuilder("| queries/s |");
    workloads.forEach(workload -> text.append(' ').append(workload).append(" |"));
    text.append("\n| --- |").append(" ---: |".repeat(workloads.size())).append('\n');
    List<String> contenders = figures.contenders(Section.THROUGHPUT);
    for (String contender : contenders) {
      StringJoiner row = new StringJoiner(" | ", "| ", " |\n").add(contender);
      for (String workload : workloads) {
        OptionalDouble value =
            figures.median(new Key(Section.THROUGHPUT, workload, contender, Figure.PER_SECOND));
        OptionalDouble floor =
            figures.median(
                new Key(Section.THROUGHPUT, workload, contenders.getFirst(), Figure.PER_SECOND));
        boolean comparable =
            value.isPresent() && floor.isPresent() && !contender.equals(contenders.getFirst());
        String share =
            comparable
                ? String.format(
                    Locale.ROOT, " (%.0f %%)", 100 * value.getAsDouble() / floor.getAsDouble())
                : "";
        row.add(shown(value, 0) + share);
      }
      text.append(row);
    }
    return text.append('\n').toString();
  }

  private String plain(Section section, List<String> workloads, Figure figure) {
    StringBuilder text = new StringBuilder("| " + figure.label() + " |");
    workloads.forEach(workload -> text.append(' ').append(workload).append(" |"));
    text.append("\n| --- |").append(" ---: |".repeat(workloads.size())).append('\n');
    for (String contender : figures.contenders(section)) {
      StringJoiner row = new StringJoiner(" | ", "| ", " |\n").add(contender);
      workloads.forEach(
          workload ->
              row.add(
                  shown(
                      figures.median(new Key(section, workload, contender, figure)),
                      figure.digits())));
      text.append(row);
    }
    return text.append('\n').toString();
  }

  private static String shown(OptionalDouble value, int digits) {
    return value.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%,." + digits + "f", value.getAsDouble());
  }

  private List<String> workloads(Section section) {
    Set<String> names = new LinkedHashSet<>();
    figures.keys().stream()
        .filter(key -> key.section() == section)
        .forEach(key -> names.add(key.workload()));
    return new ArrayList<>(names);
  }

  /** Medians of what is ours. */
  Map<String, Double> history() {
    Map<String, Double> medians = new LinkedHashMap<>();
    for (Key key : figures.keys()) {
      if (key.contender().startsWith(OURS)) {
        String name =
            String.join(
                ", ",
                key.section().name().toLowerCase(Locale.ROOT),
                key.workload() + key.contender().substring(OURS.length()),
                key.figure().label());
        medians.put(name, figures.series(key).median());
      }
    }
    return medians;
  }

  /** Every value of every round. */
  String json() {
    StringJoiner conditionList = new StringJoiner(", ", "[", "]");
    conditions.forEach(line -> conditionList.add(quoted(line)));
    StringJoiner entries = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
    for (Key key : figures.keys()) {
      StringJoiner values = new StringJoiner(", ", "[", "]");
      figures
          .series(key)
          .values()
          .forEach(value -> values.add(String.format(Locale.ROOT, "%.3f", value)));
      entries.add(
          "{\"section\": %s, \"workload\": %s, \"contender\": %s, \"figure\": %s, \"median\": %s, \"rounds\": %s}"
              .formatted(
                  quoted(key.section().name()),
                  quoted(key.workload()),
                  quoted(key.contender()),
                  quoted(key.figure().name()),
                  String.format(Locale.ROOT, "%.3f", figures.series(key).median()),
                  values));
    }
    return "{\n  \"conditions\": " + conditionList + ",\n  \"figures\": " + entries + "\n}\n";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
