package dev.crossfade.bench.differential;

import java.util.Locale;

/** Pieces of tables for people and of JSON for programs. */
final class Cells {
  private static final int SHOWN_CHARS = 240;

  private Cells() {}

  static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  static String cell(String text) {
    String line = text.strip().replaceAll("\\s+", " ").replace("|", "\\|").replace('`', '\'');
    return line.length() > SHOWN_CHARS ? line.substring(0, SHOWN_CHARS) + " …" : line;
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String quoted(String text) {
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
