package dev.crossfade.bench.lenses;

import dev.crossfade.bench.lenses.Inspection.By;
import java.util.List;
import java.util.Locale;

/** What became of all lenses, as a page. */
final class LensesReport {
  private final List<Inspection> faulty;
  private final List<Inspection> sound;
  private final List<String> conditions;

  LensesReport(List<Inspection> faulty, List<Inspection> sound, List<String> conditions) {
    this.faulty = List.copyOf(faulty);
    this.sound = List.copyOf(sound);
    this.conditions = List.copyOf(conditions);
  }

  String markdown() {
    StringBuilder text = new StringBuilder("# Faulty lenses\n\n");
    text.append(
        "Lenses with one mistake each, given to the checks that run before any traffic moves: the"
            + " compiler against both catalogs,\n`ctl lens check` over all rows, and the comparison"
            + " of the catalogs in `ctl lens preflight`. Made by `crossfade bench lenses`.\n\n");
    conditions.forEach(condition -> text.append("- ").append(condition).append('\n'));
    text.append(
        String.format(
            Locale.ROOT,
            "%n**%d of %d faulty lenses were caught**, each with a row or a place that shows it; of"
                + " %d right lenses, %d were suspected.%n%n",
            Inspection.caught(faulty),
            faulty.size(),
            sound.size(),
            Inspection.caught(sound)));
    for (By by : By.values()) {
      long count = faulty.stream().filter(one -> one.caught() == by).count();
      text.append("- ").append(words(by)).append(": ").append(count).append('\n');
    }
    text.append(
        "\n| mistake | in | caught by | finding | place | shown by |\n|---|---|---|---|---|---|\n");
    faulty.forEach(one -> row(text, one));
    if (Inspection.caught(sound) > 0) {
      text.append("\nSuspected although right:\n\n");
      sound.stream()
          .filter(one -> one.caught() != By.NOBODY)
          .forEach(
              one ->
                  text.append("- ")
                      .append(one.lens().name())
                      .append(": ")
                      .append(one.code())
                      .append(' ')
                      .append(one.place())
                      .append('\n'));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, Inspection one) {
    String[] cells = {
      one.lens().name(),
      one.lens().base(),
      one.caught() == By.NOBODY ? "**nobody**" : one.caught().name().toLowerCase(Locale.ROOT),
      one.code(),
      one.place(),
      one.example()
    };
    for (String cell : cells) {
      text.append("| ").append(cell.replace("|", "\\|").replace('\n', ' ')).append(' ');
    }
    text.append("|\n");
  }

  private static String words(By by) {
    return switch (by) {
      case FILE -> "by the compiler";
      case ROWS -> "by the check of every row";
      case CATALOG -> "by the comparison of the catalogs";
      case NOBODY -> "by nobody";
    };
  }
}
