package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.BenchmarkVerdict.Outcome;
import dev.crossfade.api.v1.Knee;
import dev.crossfade.api.v1.MeasuredStatement;
import dev.crossfade.api.v1.MeasuredWay;
import dev.crossfade.api.v1.MeasurementError;
import dev.crossfade.api.v1.VerdictReason;
import dev.crossfade.api.v1.WorkloadSummary;
import dev.crossfade.bench.plot.Html;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** A verdict for people: one page of HTML that needs nothing beside it, and Markdown. */
record RolloutReport(BenchmarkVerdict verdict, Map<String, Histogram> ways) {
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;max-width:980px;margin:2em auto;padding:0 1em;color:#1d2433;background:#fff}
      table{border-collapse:collapse;width:100%;margin:1em 0}td,th{padding:.3em .6em;border-bottom:1px solid #d8dde6;text-align:left;vertical-align:top}
      td.n,th.n{text-align:right;white-space:nowrap}code{font-size:13px;word-break:break-word}
      .go{color:#12702f}.no{color:#b3261e}svg{max-width:100%;height:auto}
      """;

  boolean isGo() {
    return verdict.getOutcome() == Outcome.GO;
  }

  private String outcome() {
    return isGo() ? "go" : "no go";
  }

  /** The whole page. */
  String html() {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
        .append(Html.escaped(verdict.getMigration()))
        .append(": ")
        .append(outcome())
        .append("</title><style>")
        .append(STYLE)
        .append("</style><h1>")
        .append(Html.escaped(verdict.getMigration()))
        .append(": <span class=\"")
        .append(isGo() ? "go" : "no")
        .append("\">")
        .append(outcome())
        .append("</span></h1>");
    list(page, "Reasons", verdict.getReasonsList().stream().map(RolloutReport::told).toList());
    list(page, "To be known", verdict.getRemarksList());
    page.append("<h2>Ways</h2>").append(table(WAYS, wayRows(), true));
    picture(page, () -> Plots.latencies(ways));
    page.append("<h2>Statements</h2>").append(table(STATEMENTS, statementRows(), true));
    picture(page, () -> Plots.statements(verdict.getStatementsList()));
    page.append("<h2>Plans</h2>").append(table(PLANS, planRows(), true));
    if (verdict.getKneesCount() > 0) {
      page.append("<h2>Headroom</h2>").append(table(KNEES, kneeRows(), true));
      picture(page, () -> Plots.knees(verdict.getKneesList()));
    }
    list(page, "How far this can be trusted", trust());
    list(page, "How it was measured", verdict.getCircumstancesList());
    return page.append("</html>\n").toString();
  }

  /** The same without pictures. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("## `")
        .append(verdict.getMigration())
        .append("`: **")
        .append(outcome())
        .append("**\n\n");
    verdict.getReasonsList().forEach(reason -> text.append("- ").append(told(reason)).append('\n'));
    verdict.getRemarksList().forEach(remark -> text.append("- ").append(remark).append('\n'));
    text.append('\n').append(table(WAYS, wayRows(), false));
    text.append('\n').append(table(STATEMENTS, statementRows(), false));
    if (verdict.getKneesCount() > 0) {
      text.append('\n').append(table(KNEES, kneeRows(), false));
    }
    text.append('\n');
    trust().forEach(line -> text.append("- ").append(line).append('\n'));
    verdict.getCircumstancesList().forEach(line -> text.append("- ").append(line).append('\n'));
    return text.toString();
  }

  private static String told(VerdictReason reason) {
    return reason.getKind() + ": " + reason.getMessage();
  }

  private static final List<String> WAYS =
      List.of("Way", "#transactions", "#failed", "#a second", "#p50 ms", "#p90 ms", "#p99 ms");

  private List<List<String>> wayRows() {
    return verdict.getWaysList().stream().map(RolloutReport::row).toList();
  }

  private static List<String> row(MeasuredWay way) {
    return List.of(
        way.getName(),
        String.valueOf(way.getTransactions()),
        String.valueOf(way.getErrors()),
        number("%.1f", way.getAchieved()),
        millis(way.getP50Micros()),
        millis(way.getP90Micros()),
        millis(way.getP99Micros()));
  }

  private static final List<String> STATEMENTS =
      List.of(
          "#",
          "Statement",
          "#old p50 ms",
          "#new p50 ms",
          "#new p99 ms",
          "#ratio",
          "#old by old",
          "#p");

  private List<List<String>> statementRows() {
    List<MeasuredStatement> all = verdict.getStatementsList();
    return all.stream()
        .map(
            statement ->
                List.of(
                    String.valueOf(all.indexOf(statement) + 1),
                    "`" + statement.getFingerprint() + "`",
                    millis(statement.getOldP50Micros()),
                    millis(statement.getNewP50Micros()),
                    millis(statement.getNewP99Micros()),
                    number("%.2f", statement.getRatio()),
                    number("%.2f", statement.getRatioOfOld()),
                    number("%.1e", statement.getPValue())))
        .toList();
  }

  private static final List<String> PLANS = List.of("#", "On old", "On new, translated");

  private List<List<String>> planRows() {
    List<MeasuredStatement> all = verdict.getStatementsList();
    return all.stream()
        .map(
            statement ->
                List.of(
                    String.valueOf(all.indexOf(statement) + 1),
                    statement.getOldPlan(),
                    statement.getRefusal().isEmpty()
                        ? statement.getNewPlan()
                        : "stays with old: " + statement.getRefusal()))
        .toList();
  }

  private static final List<String> KNEES =
      List.of("Way", "#keeps a second", "#times the rate", "what was tried");

  private List<List<String>> kneeRows() {
    return verdict.getKneesList().stream().map(this::row).toList();
  }

  private List<String> row(Knee knee) {
    double rate = verdict.getWorkload().getRate();
    StringBuilder tried = new StringBuilder();
    knee.getStepsList()
        .forEach(
            step ->
                tried
                    .append(tried.isEmpty() ? "" : "; ")
                    .append(
                        number(
                            "%.0f: %.0f a second, p99 %.1f ms%s",
                            step.getRate(),
                            step.getAchieved(),
                            step.getP99Micros() / 1e3,
                            step.getKept() ? "" : ", not kept")));
    return List.of(
        knee.getWay(),
        (knee.getFound() ? "" : "at least ") + number("%.1f", knee.getRate()),
        number("%.2f", rate == 0 ? 0 : knee.getRate() / rate),
        tried.toString());
  }

  private List<String> trust() {
    MeasurementError error = verdict.getError();
    WorkloadSummary workload = verdict.getWorkload();
    return List.of(
        number(
            "the generator's own part, with nothing behind it: median %.3f ms, 99 of 100 within"
                + " %.3f ms",
            error.getGeneratorP50Micros() / 1e3, error.getGeneratorP99Micros() / 1e3),
        number(
            "the error: old measured twice differs from itself by a factor of %.2f in the median"
                + " and %.2f in the 99th percentile; %d of %d statements would have been called"
                + " slower on old than on old",
            error.getOldAgainP50(),
            error.getOldAgainP99(),
            error.getFalseAlarms(),
            workload.getStatements()),
        number("the sidecar's own part of the median: %.3f ms", error.getSidecarMicros() / 1e3),
        number(
            "workload: %s, %.1f transactions a second in %d sessions, %d rounds of %.1f s for each"
                + " way in turn; %.1f%% of its executions are replayed; %s",
            workload.getSource(),
            workload.getRate(),
            workload.getSessions(),
            workload.getRounds(),
            workload.getSeconds(),
            100 * workload.getCoverage(),
            workload.getWrites() ? "it writes" : "it only reads"));
  }

  /**
   * @param headings of numbers begin with #, and are not only that
   */
  private static String table(List<String> headings, List<List<String>> rows, boolean html) {
    StringBuilder text = new StringBuilder(html ? "<table><tr>" : "|");
    for (String heading : headings) {
      boolean number = heading.length() > 1 && heading.startsWith("#");
      String name = number ? heading.substring(1) : heading;
      text.append(
          html ? "<th" + (number ? " class=\"n\"" : "") + ">" + name + "</th>" : " " + name + " |");
    }
    text.append(html ? "</tr>" : "\n|");
    for (String heading : headings) {
      text.append(html ? "" : heading.startsWith("#") ? "---:|" : "---|");
    }
    text.append(html ? "" : "\n");
    for (List<String> row : rows) {
      text.append(html ? "<tr>" : "|");
      for (int i = 0; i < row.size(); i++) {
        boolean number = headings.get(i).startsWith("#");
        text.append(
            html
                ? "<td" + (number ? " class=\"n\"" : "") + ">" + cell(row.get(i)) + "</td>"
                : " " + row.get(i).replace("|", "\\|").replace('\n', ' ') + " |");
      }
      text.append(html ? "</tr>" : "\n");
    }
    return text.append(html ? "</table>" : "").toString();
  }

  private static String cell(String text) {
    return text.length() > 1 && text.startsWith("`") && text.endsWith("`")
        ? "<code>" + Html.escaped(text.substring(1, text.length() - 1)) + "</code>"
        : Html.escaped(text);
  }

  private static void list(StringBuilder page, String heading, List<String> items) {
    if (items.isEmpty()) {
      return;
    }
    page.append("<h2>").append(heading).append("</h2><ul>");
    items.forEach(item -> page.append("<li>").append(Html.escaped(item)).append("</li>"));
    page.append("</ul>");
  }

  /** A machine without fonts has no pictures; the numbers are all in the tables. */
  private static void picture(StringBuilder page, Supplier<String> picture) {
    try {
      page.append(picture.get());
    } catch (RuntimeException | LinkageError | InternalError e) {
      page.append("<p>(no picture: this machine has no fonts to draw one with)</p>");
    }
  }

  private static String millis(long micros) {
    return number("%.2f", micros / 1e3);
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
