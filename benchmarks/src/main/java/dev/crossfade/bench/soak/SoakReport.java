package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.SoakRun.Outcome;
import dev.crossfade.bench.soak.Tally.Event;
import dev.crossfade.bench.soak.Vitals.Vital;
import dev.crossfade.core.route.RouteReason;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** A soak as tables for people and as JSON for programs. */
final class SoakReport {
  private static final int SHOWN_SAMPLES = 10;

  private final Outcome outcome;
  private final Verdict verdict;
  private final List<String> conditions;

  /**
   * @param conditions under which it ran, a sentence each
   */
  SoakReport(Outcome outcome, Verdict verdict, List<String> conditions) {
    this.outcome = outcome;
    this.verdict = verdict;
    this.conditions = List.copyOf(conditions);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n**").append(verdict.isGood() ? "Passed." : "Failed.").append("**\n");
    verdict.objections().forEach(line -> text.append("\n- ").append(line));
    text.append(verdict.isGood() ? "" : "\n");
    outcome.tally().messages().forEach(line -> text.append("- ").append(line).append('\n'));
    text.append(counts()).append(routes()).append(trends()).append(remains()).append(samples());
    return text.toString();
  }

  private String counts() {
    StringBuilder text = new StringBuilder("\n### What happened\n\n| what | how often |\n");
    text.append("| --- | ---: |\n");
    text.append(row("right answers", number(outcome.tally().answers())));
    for (Kind kind : Kind.ALL) {
      String name = "of these, " + kind.name().toLowerCase(Locale.ROOT);
      text.append(row(name, number(outcome.tally().answers(kind))));
    }
    for (Event event : Event.values()) {
      text.append(row(event.label(), number(outcome.tally().events(event))));
    }
    text.append(row("wrong answers and unexplained errors", number(outcome.tally().failures())));
    return text.toString();
  }

  private String routes() {
    StringBuilder text = new StringBuilder("\n### Where the sidecar sent them\n\n");
    text.append("| reason | batches |\n| --- | ---: |\n");
    for (RouteReason reason : RouteReason.values()) {
      long batches = outcome.routes().getOrDefault(reason, 0L);
      if (batches > 0) {
        text.append(row(reason.name(), number(batches)));
      }
    }
    return text.toString();
  }

  private String trends() {
    if (verdict.trends().isEmpty()) {
      return "\n### Over the run\n\nToo short to judge: fewer than "
          + number(Verdict.FEWEST_QUERIES)
          + " answers.\n";
    }
    StringBuilder text = new StringBuilder("\n### Over the run\n\n");
    text.append(
        "| medians | second quarter | last quarter | may grow by | per million queries | |\n");
    text.append("| --- | ---: | ---: | ---: | ---: | --- |\n");
    for (Flatness trend : verdict.trends()) {
      boolean judged = Double.isFinite(trend.allowed());
      text.append(
          row(
              trend.vital().label(),
              decimal(trend.second()),
              decimal(trend.last()),
              judged ? decimal(trend.allowed()) : "",
              String.format(Locale.ROOT, "%+.1f", trend.slope()),
              judged ? trend.isFlat() ? "flat" : "grew" : "not judged"));
    }
    return text.toString();
  }

  private String remains() {
    StringBuilder text = new StringBuilder("\n### Without clients\n\n");
    text.append("| what | before | after | |\n| --- | ---: | ---: | --- |\n");
    for (Vital vital : Vital.values()) {
      boolean judged = Remains.COUNTED.contains(vital);
      text.append(
          row(
              vital.label(),
              number(outcome.remains().before().value(vital)),
              number(outcome.remains().after().value(vital)),
              judged ? outcome.remains().isBack(vital) ? "back" : "left behind" : ""));
    }
    return text.toString();
  }

  private String samples() {
    StringJoiner head = new StringJoiner(" | ", "| ", " |\n").add("queries").add("seconds");
    for (Vital vital : Vital.values()) {
      head.add(vital.label());
    }
    StringBuilder text = new StringBuilder("\n### Samples\n\n").append(head).append("| ---: |");
    text.append(" ---: |".repeat(Vital.values().length + 1)).append('\n');
    int step = Math.max(1, outcome.samples().size() / SHOWN_SAMPLES);
    for (int i = step - 1; i < outcome.samples().size(); i += step) {
      Vitals sample = outcome.samples().get(i);
      StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
      row.add(number(sample.queries())).add(decimal(sample.elapsed().toNanos() / 1e9));
      for (Vital vital : Vital.values()) {
        row.add(number(sample.value(vital)));
      }
      text.append(row);
    }
    return text.toString();
  }

  /** Everything, and every sample. */
  String json() {
    StringJoiner samples = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
    outcome.samples().forEach(sample -> samples.add(json(sample)));
    StringJoiner events = new StringJoiner(", ", "{", "}");
    for (Event event : Event.values()) {
      events.add(quoted(event.name()) + ": " + outcome.tally().events(event));
    }
    for (Kind kind : Kind.ALL) {
      events.add(quoted(kind.name()) + ": " + outcome.tally().answers(kind));
    }
    StringJoiner routes = new StringJoiner(", ", "{", "}");
    outcome
        .routes()
        .forEach((reason, batches) -> routes.add(quoted(reason.name()) + ": " + batches));
    StringJoiner trends = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
    for (Flatness trend : verdict.trends()) {
      trends.add(
          String.format(
              Locale.ROOT,
              "{\"vital\": \"%s\", \"second\": %.1f, \"last\": %.1f, \"slopePerMillion\": %.3f,"
                  + " \"flat\": %b}",
              trend.vital(),
              trend.second(),
              trend.last(),
              trend.slope(),
              trend.isFlat()));
    }
    return """
    {
      "conditions": %s,
      "passed": %b,
      "objections": %s,
      "failures": %s,
      "answers": %d,
      "seconds": %.1f,
      "counts": %s,
      "routes": %s,
      "trends": %s,
      "before": %s,
      "after": %s,
      "samples": %s
    }
    """
        .formatted(
            list(conditions),
            verdict.isGood(),
            list(verdict.objections()),
            list(outcome.tally().messages()),
            outcome.tally().answers(),
            outcome.took().toNanos() / 1e9,
            events,
            routes,
            trends,
            json(outcome.remains().before()),
            json(outcome.remains().after()),
            samples);
  }

  private static String json(Vitals sample) {
    StringJoiner values = new StringJoiner(", ", "{", "}");
    values.add("\"queries\": " + sample.queries());
    values.add(String.format(Locale.ROOT, "\"seconds\": %.3f", sample.elapsed().toNanos() / 1e9));
    for (Vital vital : Vital.values()) {
      values.add(quoted(vital.name()) + ": " + sample.value(vital));
    }
    return values.toString();
  }

  private static String list(Iterable<String> texts) {
    StringJoiner list = new StringJoiner(", ", "[", "]");
    texts.forEach(text -> list.add(quoted(text)));
    return list.toString();
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char each : text.toCharArray()) {
      if (each == '"' || each == '\\') {
        json.append('\\').append(each);
      } else if (each < ' ') {
        json.append(String.format("\\u%04x", (int) each));
      } else {
        json.append(each);
      }
    }
    return json.append('"').toString();
  }
}
