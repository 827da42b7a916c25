package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Tally.Reason;
import dev.crossfade.bench.differential.Tally.Share;
import dev.crossfade.bench.differential.Tally.WrongAnswer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** A proof as tables for people and as JSON for programs. */
final class DifferentialReport {
  private final Tally tally;
  private final long seed;
  private final List<String> conditions;

  /**
   * @param conditions under which it ran, a sentence each
   */
  DifferentialReport(Tally tally, long seed, List<String> conditions) {
    this.tally = tally;
    this.seed = seed;
    this.conditions = List.copyOf(conditions);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n**").append(Bar.isMet(tally) ? "Passed." : "Failed.").append("**\n");
    text.append(counts());
    text.append(reasons("Not translated", tally.refusals()));
    text.append(wrongAnswers()).append(constructs());
    text.append(reasons("Generated, and not asked of new: old refused", tally.noQuestions()));
    return text.toString();
  }

  private String counts() {
    StringBuilder text = new StringBuilder("\n| what | |\n| --- | ---: |\n");
    text.append(Cells.row("statements", Cells.number(tally.statements())));
    text.append(Cells.row("translated", Cells.number(tally.accepted()) + " (" + percent() + ")"));
    text.append(Cells.row("of these, equal on both sides", Cells.number(tally.equal())));
    text.append(Cells.row("of these, compared in their order", Cells.number(tally.ordered())));
    text.append(Cells.row("of these, without rows", Cells.number(tally.empty())));
    text.append(Cells.row("rows compared", Cells.number(tally.rows())));
    text.append(Cells.row("wrong answers", Cells.number(tally.wrongAnswers().size())));
    return text.toString();
  }

  private String percent() {
    return String.format(Locale.ROOT, "%.1f %%", 100 * tally.acceptedShare());
  }

  private static String reasons(String title, Map<String, Reason> reasons) {
    StringBuilder text = new StringBuilder("\n### " + title + "\n\n");
    if (reasons.isEmpty()) {
      return text.append("None.\n").toString();
    }
    text.append("| reason | statements | in words | the shortest |\n| --- | ---: | --- | --- |\n");
    reasons.forEach(
        (code, reason) ->
            text.append(
                Cells.row(
                    code,
                    Cells.number(reason.count()),
                    Cells.cell(reason.detail()),
                    '`' + Cells.cell(reason.example()) + '`')));
    return text.toString();
  }

  private String wrongAnswers() {
    StringBuilder text = new StringBuilder("\n### Wrong answers\n\n");
    if (tally.wrongAnswers().isEmpty()) {
      return text.append("None.\n").toString();
    }
    for (WrongAnswer wrong : tally.wrongAnswers()) {
      text.append(
              "Seed %d, number %d: %s"
                  .formatted(seed, wrong.number(), wrong.verdict().difference()))
          .append(": ")
          .append(wrong.verdict().detail())
          .append("\n\n```sql\n")
          .append(wrong.small().sql())
          .append("\n-- parameters: ")
          .append(wrong.small().parameters())
          .append("\n-- on new:\n")
          .append(wrong.verdict().translated())
          .append("\n```\n\n");
    }
    return text.toString();
  }

  private String constructs() {
    StringBuilder text = new StringBuilder("\n### What the statements contain\n\n");
    text.append("| construct | statements | translated |\n| --- | ---: | ---: |\n");
    for (Construct construct : Construct.values()) {
      Share share = tally.constructs().getOrDefault(construct, new Share(0, 0));
      text.append(
          Cells.row(
              construct.label(), Cells.number(share.statements()), Cells.number(share.accepted())));
    }
    return text.toString();
  }

  String json() {
    StringJoiner wrong = new StringJoiner(",\n    ", "[", "]");
    for (WrongAnswer each : tally.wrongAnswers()) {
      wrong.add(
          "{\"number\": %d, \"difference\": %s, \"detail\": %s, \"sql\": %s, \"translated\": %s, \"original\": %s}"
              .formatted(
                  each.number(),
                  Cells.quoted(each.verdict().difference().name()),
                  Cells.quoted(each.verdict().detail()),
                  Cells.quoted(each.small().sql()),
                  Cells.quoted(each.verdict().translated()),
                  Cells.quoted(each.original().sql())));
    }
    StringJoiner constructs = new StringJoiner(",\n    ", "{\n    ", "\n  }");
    tally
        .constructs()
        .forEach(
            (construct, share) ->
                constructs.add(
                    "%s: {\"statements\": %d, \"translated\": %d}"
                        .formatted(
                            Cells.quoted(construct.name()), share.statements(), share.accepted())));
    StringJoiner sentences = new StringJoiner(", ", "[", "]");
    conditions.forEach(line -> sentences.add(Cells.quoted(line)));
    return """
    {
      "conditions": %s,
      "seed": %d, "statements": %d, "translated": %d, "equal": %d, "ordered": %d, "rows": %d,
      "wrong": %s,
      "refusals": %s,
      "refusedByOld": %s,
      "constructs": %s
    }
    """
        .formatted(
            sentences,
            seed,
            tally.statements(),
            tally.accepted(),
            tally.equal(),
            tally.ordered(),
            tally.rows(),
            wrong,
            reasons(tally.refusals()),
            reasons(tally.noQuestions()),
            constructs);
  }

  private static String reasons(Map<String, Reason> reasons) {
    StringJoiner entries = new StringJoiner(",\n    ", "{\n    ", "\n  }");
    reasons.forEach(
        (code, reason) ->
            entries.add(
                "%s: {\"count\": %d, \"detail\": %s, \"example\": %s}"
                    .formatted(
                        Cells.quoted(code),
                        reason.count(),
                        Cells.quoted(reason.detail()),
                        Cells.quoted(reason.example()))));
    return entries.toString();
  }
}
