package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.CorpusTally.Case;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;

/** A run over the corpus as tables for people and as JSON for programs. */
final class CorpusReport {
  private final CorpusTally tally;
  private final List<String> conditions;

  /**
   * @param conditions under which it ran, a sentence each
   */
  CorpusReport(CorpusTally tally, List<String> conditions) {
    this.tally = tally;
    this.conditions = List.copyOf(conditions);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n**").append(tally.meetsBar() ? "Passed." : "Failed.").append("**\n");
    return text.append(counts())
        .append(refusals())
        .append(wrongAnswers())
        .append(files())
        .append(noQuestions())
        .toString();
  }

  private String counts() {
    String share = String.format(Locale.ROOT, " (%.1f %%)", 100 * tally.acceptedShare());
    return "\n| what | |\n| --- | ---: |\n"
        + Cells.row("statements", Cells.number(tally.statements()))
        + Cells.row("translated", Cells.number(tally.accepted()) + share)
        + Cells.row("of these, equal on both sides", Cells.number(tally.equal()))
        + Cells.row("rows compared", Cells.number(tally.rows()))
        + Cells.row("wrong answers", Cells.number(tally.wrongAnswers().size()));
  }

  private String refusals() {
    StringBuilder text = new StringBuilder("\n### Not translated\n\n");
    text.append("| reason | statements |\n| --- | ---: |\n");
    counted(tally.refusals(), Verdict.Refused::reason)
        .forEach((reason, count) -> text.append(Cells.row(reason, Cells.number(count))));
    text.append("\n| reason | in words | file | statement |\n| --- | --- | --- | --- |\n");
    for (Case<Verdict.Refused> each : tally.refusals()) {
      text.append(
          Cells.row(
              each.verdict().reason(),
              Cells.cell(each.verdict().detail()),
              each.question().file(),
              '`' + Cells.cell(each.question().sql()) + '`'));
    }
    return text.toString();
  }

  private String wrongAnswers() {
    StringBuilder text = new StringBuilder("\n### Wrong answers\n\n");
    if (tally.wrongAnswers().isEmpty()) {
      return text.append("None.\n").toString();
    }
    for (Case<Verdict.Wrong> wrong : tally.wrongAnswers()) {
      text.append(
          "%s, number %d: %s: %s\n\n```sql\n%s\n-- on new:\n%s\n```\n\n"
              .formatted(
                  wrong.question().file(),
                  wrong.question().number(),
                  wrong.verdict().difference(),
                  wrong.verdict().detail(),
                  wrong.question().sql(),
                  wrong.verdict().translated()));
    }
    return text.toString();
  }

  private String files() {
    StringBuilder text = new StringBuilder("\n### By file\n\n");
    text.append("| file | statements | translated | equal |\n| --- | ---: | ---: | ---: |\n");
    tally
        .files()
        .forEach(
            (file, count) ->
                text.append(
                    Cells.row(
                        file,
                        Cells.number(count.statements()),
                        Cells.number(count.accepted()),
                        Cells.number(count.equal()))));
    return text.toString();
  }

  private String noQuestions() {
    StringBuilder text = new StringBuilder("\n### No question: old has not one answer\n\n");
    text.append("| in words | statements |\n| --- | ---: |\n");
    counted(tally.noQuestions(), Verdict.NoQuestion::detail)
        .forEach(
            (detail, count) -> text.append(Cells.row(Cells.cell(detail), Cells.number(count))));
    return text.toString();
  }

  private static <V extends Verdict> Map<String, Integer> counted(
      List<Case<V>> cases, Function<V, String> reason) {
    Map<String, Integer> counts = new TreeMap<>();
    cases.forEach(each -> counts.merge(reason.apply(each.verdict()), 1, Integer::sum));
    return counts;
  }

  String json() {
    StringJoiner sentences = new StringJoiner(", ", "[", "]");
    conditions.forEach(line -> sentences.add(Cells.quoted(line)));
    StringJoiner refusals = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
    for (Case<Verdict.Refused> each : tally.refusals()) {
      refusals.add(
          "{\"reason\": %s, \"detail\": %s, \"file\": %s, \"sql\": %s}"
              .formatted(
                  Cells.quoted(each.verdict().reason()),
                  Cells.quoted(each.verdict().detail()),
                  Cells.quoted(each.question().file()),
                  Cells.quoted(each.question().sql())));
    }
    StringJoiner wrong = new StringJoiner(",\n    ", "[", "]");
    for (Case<Verdict.Wrong> each : tally.wrongAnswers()) {
      wrong.add(
          "{\"difference\": %s, \"detail\": %s, \"file\": %s, \"sql\": %s, \"translated\": %s}"
              .formatted(
                  Cells.quoted(each.verdict().difference().name()),
                  Cells.quoted(each.verdict().detail()),
                  Cells.quoted(each.question().file()),
                  Cells.quoted(each.question().sql()),
                  Cells.quoted(each.verdict().translated())));
    }
    return """
    {
      "conditions": %s,
      "corpus": %d, "statements": %d, "translated": %d, "equal": %d, "rows": %d,
      "wrong": %s,
      "refusals": %s
    }
    """
        .formatted(
            sentences,
            tally.asked(),
            tally.statements(),
            tally.accepted(),
            tally.equal(),
            tally.rows(),
            wrong,
            refusals);
  }
}
