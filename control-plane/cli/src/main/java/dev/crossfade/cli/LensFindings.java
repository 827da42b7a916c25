package dev.crossfade.cli;

import dev.crossfade.api.v1.CheckedColumn;
import dev.crossfade.api.v1.CheckedTable;
import dev.crossfade.api.v1.LensExample;
import dev.crossfade.api.v1.LensFinding;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.inspect.finding.Severity;
import dev.crossfade.inspect.law.LawReport;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How what was found on databases is told. */
final class LensFindings {
  private LensFindings() {}

  static LensFinding message(Finding finding) {
    return LensFinding.newBuilder()
        .setSeverity(finding.severity().name())
        .setCode(finding.code().name())
        .setStage(finding.code().stage().name())
        .setPlace(finding.place())
        .setMessage(finding.message())
        .setAdvice(finding.code().advice())
        .addAllExamples(finding.examples().stream().map(LensFindings::message).toList())
        .build();
  }

  private static LensExample message(Example example) {
    return LensExample.newBuilder().setKey(example.key()).setDetail(example.detail()).build();
  }

  static CheckedTable message(LawReport.Table table) {
    return CheckedTable.newBuilder()
        .setTable(table.name().toString())
        .setRows(table.rows())
        .addAllColumns(table.columns().stream().map(LensFindings::message).toList())
        .build();
  }

  private static CheckedColumn message(LawReport.Column column) {
    return CheckedColumn.newBuilder()
        .setName(column.name())
        .setLoss(column.loss().name())
        .setRows(column.rows())
        .build();
  }

  static void print(List<Finding> findings, Output output) {
    for (Finding finding : findings) {
      output.print("");
      output.print(
          finding.severity().name().toLowerCase(Locale.ROOT)
              + "  "
              + finding.code()
              + "  "
              + finding.place()
              + "  (from "
              + finding.code().stage()
              + ")");
      output.print("  " + finding.message());
      finding.examples().forEach(example -> output.print("  e.g. " + example));
      output.print("  -> " + finding.code().advice());
    }
    output.print("");
    output.print(summary(findings));
  }

  private static String summary(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "nothing found";
    }
    Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    findings.forEach(finding -> counts.merge(finding.severity(), 1, Integer::sum));
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (severity, count) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(count)
                .append(' ')
                .append(severity.name().toLowerCase(Locale.ROOT)));
    return text.toString();
  }
}
