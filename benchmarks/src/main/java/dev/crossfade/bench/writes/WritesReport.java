package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Tally.Counts;
import dev.crossfade.bench.writes.Tally.Reason;
import dev.crossfade.bench.writes.Tally.Wrong;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** A proof as tables for people and as JSON for programs. */
final class WritesReport {
  private static final int SHOWN_CHARS = 240;

  private final Tally tally;
  private final long seed;
  private final List<String> conditions;

  /**
   * @param conditions under which it ran, a sentence each
   */
  WritesReport(Tally tally, long seed, List<String> conditions) {
    this.tally = tally;
    this.seed = seed;
    this.conditions = List.copyOf(conditions);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n**").append(Bar.isMet(tally) ? "Passed." : "Failed.").append("**\n");
    return text.append(counts())
        .append(forms())
        .append(refusals())
        .append(failures())
        .append(wrong())
        .toString();
  }

  private String counts() {
    Counts total = tally.total();
    StringBuilder text = new StringBuilder("\n| what | |\n| --- | ---: |\n");
    String share = String.format(Locale.ROOT, "%.1f %%", 100 * tally.acceptedShare());
    text.append(row("statements", number(total.statements)));
    text.append(row("translated", number(total.translated()) + " (" + share + ")"));
    text.append(row("of these, the same answer on both sides", number(total.equal)));
    text.append(row("of the same ones: failures", number(total.failedAlike)));
    text.append(row("of the same ones: about one row or more", number(total.withRows)));
    text.append(row("of the same ones: about a row that all sessions write", number(total.hot)));
    text.append(row("rows that equal statements were about", number(tally.rows())));
    text.append(row("without a certain place in the order, plausible", number(total.unplaced)));
    text.append(row("transactions tried once more", number(tally.retries())));
    text.append(row("wrong answers", number(tally.wrongCount())));
    text.append(row("tables that differ in the end", number(tally.differences().size())));
    return text.toString();
  }

  private String forms() {
    StringBuilder text = new StringBuilder("\n### Forms\n\n");
    text.append(
        "| form | statements | not translated | equal | of these, failed alike | without a place"
            + " |");
    text.append(" wrong | time on new / on old |\n");
    text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    tally
        .forms()
        .forEach(
            (form, counts) ->
                text.append(
                    row(
                        form.label(),
                        number(counts.statements),
                        number(counts.refused),
                        number(counts.equal),
                        number(counts.failedAlike),
                        number(counts.unplaced),
                        number(counts.wrong),
                        ratio(counts))));
    return text.append("\nNew was written by all sessions at once, old by one alone.\n").toString();
  }

  private static String ratio(Counts counts) {
    return counts.oldNanos == 0
        ? "–"
        : String.format(Locale.ROOT, "%.1f", (double) counts.newNanos / counts.oldNanos);
  }

  private String refusals() {
    StringBuilder text = new StringBuilder("\n### Not translated\n\n");
    if (tally.refusals().isEmpty()) {
      return text.append("None.\n").toString();
    }
    text.append("| reason | statements | in words | the shortest |\n| --- | ---: | --- | --- |\n");
    tally
        .refusals()
        .forEach(
            (code, reason) ->
                text.append(
                    row(
                        code,
                        number(reason.count()),
                        cell(reason.detail()),
                        '`' + cell(reason.example()) + '`')));
    return text.toString();
  }

  private String failures() {
    StringJoiner states = new StringJoiner(", ", "\n### Failures that were the same\n\n", "\n");
    states.setEmptyValue("\n### Failures that were the same\n\nNone.\n");
    tally.failures().forEach((state, count) -> states.add(state + ": " + number(count)));
    return states.toString();
  }

  private String wrong() {
    StringBuilder text = new StringBuilder("\n### Wrong answers\n\n");
    if (tally.wrong().isEmpty() && tally.differences().isEmpty()) {
      return text.append("None.\n").toString();
    }
    tally.differences().forEach(each -> text.append("- ").append(each).append('\n'));
    for (Wrong wrong : tally.wrong()) {
      text.append("\nSeed %d, session %d: ".formatted(seed, wrong.shard()));
      text.append(wrong.difference()).append("\n\n```sql\n").append(wrong.draft().sql());
      text.append("\n-- on new:\n").append(wrong.sql()).append('\n');
      if (!wrong.small().isEmpty()) {
        text.append("-- alone, and one after the other, these fail, too:\n");
        wrong.small().forEach(draft -> text.append(draft.sql()).append(";\n"));
      }
      text.append("```\n");
    }
    return text.toString();
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String cell(String text) {
    String line = text.strip().replaceAll("\\s+", " ").replace("|", "\\|").replace('`', '\'');
    return line.length() > SHOWN_CHARS ? line.substring(0, SHOWN_CHARS) + " …" : line;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  String json() {
    StringJoiner sentences = new StringJoiner(", ", "[", "]");
    conditions.forEach(line -> sentences.add(quoted(line)));
    StringJoiner forms = new StringJoiner(",\n    ", "{\n    ", "\n  }");
    tally.forms().forEach((form, counts) -> forms.add(quoted(form.name()) + ": " + json(counts)));
    StringJoiner refusals = new StringJoiner(",\n    ", "{", "}");
    tally.refusals().forEach((code, reason) -> refusals.add(quoted(code) + ": " + json(reason)));
    StringJoiner failures = new StringJoiner(", ", "{", "}");
    tally.failures().forEach((state, count) -> failures.add(quoted(state) + ": " + count));
    StringJoiner differences = new StringJoiner(", ", "[", "]");
    tally.differences().forEach(each -> differences.add(quoted(each)));
    StringJoiner wrong = new StringJoiner(",\n    ", "[", "]");
    tally.wrong().forEach(each -> wrong.add(json(each)));
    return """
    {
      "conditions": %s,
      "seed": %d, "passed": %b, "retries": %d, "rows": %d,
      "total": %s,
      "forms": %s,
      "refusals": %s,
      "failures": %s,
      "differences": %s,
      "wrong": %s
    }
    """
        .formatted(
            sentences,
            seed,
            Bar.isMet(tally),
            tally.retries(),
            tally.rows(),
            json(tally.total()),
            forms,
            refusals,
            failures,
            differences,
            wrong);
  }

  private static String json(Counts counts) {
    return String.format(
        Locale.ROOT,
        "{\"statements\": %d, \"refused\": %d, \"equal\": %d, \"failedAlike\": %d, \"withRows\":"
            + " %d, \"hot\": %d, \"unplaced\": %d, \"wrong\": %d, \"newMillis\": %.1f,"
            + " \"oldMillis\": %.1f}",
        counts.statements,
        counts.refused,
        counts.equal,
        counts.failedAlike,
        counts.withRows,
        counts.hot,
        counts.unplaced,
        counts.wrong,
        counts.newNanos / 1e6,
        counts.oldNanos / 1e6);
  }

  private static String json(Reason reason) {
    return "{\"count\": %d, \"detail\": %s, \"example\": %s}"
        .formatted(reason.count(), quoted(reason.detail()), quoted(reason.example()));
  }

  private static String json(Wrong wrong) {
    StringJoiner small = new StringJoiner(", ", "[", "]");
    wrong.small().forEach(draft -> small.add(quoted(draft.sql())));
    return "{\"session\": %d, \"difference\": %s, \"sql\": %s, \"translated\": %s, \"small\": %s}"
        .formatted(
            wrong.shard(),
            quoted(wrong.difference()),
            quoted(wrong.draft().sql()),
            quoted(wrong.sql()),
            small);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        default -> {
          if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
