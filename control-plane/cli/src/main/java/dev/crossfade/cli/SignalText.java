package dev.crossfade.cli;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.ComparisonFigures;
import dev.crossfade.api.v1.ErrorCount;
import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.api.v1.QueryFigures;
import dev.crossfade.api.v1.SideFigures;
import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.Verdict;
import dev.crossfade.api.v1.VerdictCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Signals as people read them. */
final class SignalText {
  private static final int TEXT_MAX = 100;

  private SignalText() {}

  static List<String> lines(Signals signals) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "migration '"
            + signals.getMigration()
            + "', the last "
            + time(signals.getWindow())
            + ": "
            + share(signals)
            + ", "
            + fleet(signals));
    lines.add("");
    Table sides = new Table("SIDE", "ANSWERS", "ERRORS", "P50", "P99", "SINCE THE BEGINNING");
    row(sides, "old", signals.getOnOld(), signals.getTotalOnOld());
    row(sides, "new", signals.getOnNew(), signals.getTotalOnNew());
    lines.add(sides.toString());
    lines.add("");
    lines.add("compared: " + comparisons(signals.getComparisons()));
    lines.add("mirror: " + mirror(signals));
    if (signals.getQueriesCount() > 0) {
      lines.add("");
      lines.add("statements since the beginning:");
      lines.add(queries(signals).toString());
    }
    if (signals.getUnlisted() > 0) {
      lines.add(String.format(Locale.ROOT, "%,d executions of others", signals.getUnlisted()));
    }
    return lines;
  }

  /** One line, for those who watch. */
  static String line(Signals signals) {
    return Show.time(signals.getAt())
        + "  "
        + share(signals)
        + "  old "
        + side(signals.getOnOld())
        + "  new "
        + side(signals.getOnNew())
        + "  compared "
        + comparisons(signals.getComparisons())
        + "  mirror "
        + mirror(signals)
        + "  "
        + fleet(signals);
  }

  private static String side(SideFigures side) {
    return String.format(
        Locale.ROOT,
        "%,d answers, %,d errors, p99 %s",
        side.getAnswers(),
        errors(side),
        micros(side.getP99Micros()));
  }

  private static void row(Table table, String name, SideFigures side, long total) {
    table.row(
        name,
        String.format(Locale.ROOT, "%,d", side.getAnswers()),
        errorText(side),
        micros(side.getP50Micros()),
        micros(side.getP99Micros()),
        String.format(Locale.ROOT, "%,d", total));
  }

  private static long errors(SideFigures side) {
    return side.getErrorsList().stream().mapToLong(ErrorCount::getCount).sum();
  }

  private static String errorText(SideFigures side) {
    return side.getErrorsCount() == 0
        ? "0"
        : side.getErrorsList().stream()
            .map(error -> error.getCount() + " of class " + error.getSqlstateClass())
            .collect(Collectors.joining(", "));
  }

  private static String share(Signals signals) {
    return signals.getRoutableReads() == 0
        ? "no reads that new could answer"
        : String.format(
            Locale.ROOT,
            "new answered %.1f%% of %,d reads",
            100.0 * signals.getRoutableReadsOnNew() / signals.getRoutableReads(),
            signals.getRoutableReads());
  }

  private static String fleet(Signals signals) {
    return signals.getReporting()
        + (signals.getReporting() == 1 ? " sidecar reports" : " sidecars report")
        + (signals.getSilent() == 0 ? "" : ", " + signals.getSilent() + " are silent");
  }

  private static String comparisons(ComparisonFigures figures) {
    if (figures.getVerdictsCount() == 0) {
      return "nothing";
    }
    return figures.getVerdictsList().stream()
            .map(count -> String.format(Locale.ROOT, "%,d %s", count.getCount(), verdict(count)))
            .collect(Collectors.joining(", "))
        + "; similarity "
        + similarity(figures)
        + ", gain "
        + gain(figures);
  }

  private static String verdict(VerdictCount count) {
    return verdict(count.getVerdict());
  }

  static String verdict(Verdict verdict) {
    return verdict.name().replaceFirst("^VERDICT_", "").toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Rounded down, so that 100% means all. */
  private static String similarity(ComparisonFigures figures) {
    if (figures.getDecided() == 0) {
      return "-";
    }
    long matches =
        figures.getVerdictsList().stream()
            .filter(count -> count.getVerdict() == Verdict.VERDICT_MATCH)
            .mapToLong(VerdictCount::getCount)
            .sum();
    long permille = Math.floorDiv(matches * 1_000, figures.getDecided());
    return String.format(Locale.ROOT, "%d.%d%%", permille / 10, permille % 10);
  }

  private static String gain(ComparisonFigures figures) {
    return figures.getOldP50Micros() == 0 || figures.getNewP50Micros() == 0
        ? "-"
        : String.format(
            Locale.ROOT, "%.2f", (double) figures.getOldP50Micros() / figures.getNewP50Micros());
  }

  private static String mirror(Signals signals) {
    if (!signals.hasMirror()) {
      return "not known";
    }
    MirrorSignals mirror = signals.getMirror();
    return (mirror.getPending() < 0 ? "?" : String.valueOf(mirror.getPending()))
        + " pending, lag "
        + (mirror.hasLag() ? time(mirror.getLag()) : "?")
        + ", "
        + (mirror.getDeadLetters() < 0 ? "?" : String.valueOf(mirror.getDeadLetters()))
        + " dead letters";
  }

  private static Table queries(Signals signals) {
    Table table =
        new Table(
            "QUERY", "ON OLD", "ON NEW", "ERRORS", "P99 OLD", "P99 NEW", "SIMILAR", "GAIN", "TEXT");
    for (QueryFigures query : signals.getQueriesList()) {
      table.row(
          query.getQuery(),
          String.valueOf(query.getOnOld().getAnswers()),
          String.valueOf(query.getOnNew().getAnswers()),
          errors(query.getOnOld()) + "/" + errors(query.getOnNew()),
          micros(query.getOnOld().getP99Micros()),
          micros(query.getOnNew().getP99Micros()),
          similarity(query.getComparisons()),
          gain(query.getComparisons()),
          shortened(query.getText()));
    }
    return table;
  }

  static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX - 3) + "...";
  }

  private static String micros(long micros) {
    if (micros == 0) {
      return "-";
    }
    return micros < 1_000
        ? micros + " us"
        : String.format(Locale.ROOT, "%.1f ms", micros / 1_000.0);
  }

  private static String time(Duration duration) {
    double seconds = duration.getSeconds() + duration.getNanos() / 1e9;
    if (seconds < 1) {
      return Math.round(seconds * 1_000) + " ms";
    }
    return seconds < 120
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.0f min", seconds / 60);
  }
}
