package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.ComparisonFigures;
import dev.crossfade.api.v1.QueryFigures;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How alike both sides answer, and how fast for the same reads, by statement. */
record ComparisonSection() implements Section {
  /**
   * A statement.
   *
   * @param similarity what matched of what was decided
   * @param gain the median of old divided by that of new
   * @param tone {@code good}, {@code bad} or {@code off}
   */
  public record Row(
      String text,
      String decided,
      String similarity,
      String tone,
      String gain,
      boolean slower,
      String verdicts) {
    static Row of(QueryFigures query) {
      ComparisonFigures compared = query.getComparisons();
      double times = gainOf(compared);
      return new Row(
          query.getText(),
          Words.count(compared.getDecided()),
          similarityOf(compared),
          compared.getDecided() == 0 ? "off" : compared.getMismatches() == 0 ? "good" : "bad",
          times == 0 ? "–" : String.format(Locale.ROOT, "%.2f×", times),
          times > 0 && times < 1,
          verdictsOf(compared));
    }
  }

  private static double gainOf(ComparisonFigures compared) {
    return compared.getNewP50Micros() == 0
        ? 0
        : (double) compared.getOldP50Micros() / compared.getNewP50Micros();
  }

  private static String similarityOf(ComparisonFigures compared) {
    if (compared.getDecided() == 0) {
      return "–";
    }
    double share =
        100.0 * (compared.getDecided() - compared.getMismatches()) / compared.getDecided();
    // Rounding must not hide a mismatch.
    return String.format(
        Locale.ROOT, "%.3f%%", compared.getMismatches() > 0 ? Math.min(share, 99.999) : share);
  }

  private static String verdictsOf(ComparisonFigures compared) {
    return compared.getVerdictsList().stream()
        .map(ComparisonSection::verdict)
        .collect(Collectors.joining(", "));
  }

  private static String verdict(VerdictCount verdict) {
    return Words.lower(verdict.getVerdict().name(), "VERDICT_")
        + " "
        + Words.count(verdict.getCount());
  }

  @Override
  public String id() {
    return "comparison";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    Optional<Signals> signals = facts.signals();
    if (signals.isEmpty() || signals.get().getQueriesCount() == 0) {
      return Map.of();
    }
    List<Row> rows = signals.get().getQueriesList().stream().map(Row::of).toList();
    ComparisonFigures all = signals.get().getComparisons();
    return Map.of(
        "similarity",
        similarityOf(all),
        "decided",
        Words.count(all.getDecided()),
        "mismatches",
        Words.count(all.getMismatches()),
        "verdicts",
        verdictsOf(all),
        "rows",
        rows);
  }
}
