package dev.crossfade.sql.parse;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The setting that a SET or RESET statement changes.
 *
 * @param name in lower case; the special forms by the setting they stand for; {@code all} for RESET ALL
 * @param sql the statement as the client wrote it
 */
public record SettingChange(String name, String sql) {
  /** Reads a statement of kind SET_SESSION or RESET; empty when it has no form that is known. */
  public static Optional<SettingChange> read(Tokens tokens, int statement) {
    int first = tokens.statementStart(statement);
    int end = tokens.statementEnd(statement);
    int at = first + 1;
    if (tokens.isWord(at, "SESSION")) {
      at++;
    }
    if (at >= end) {
      return Optional.empty();
    }
    String sql =
        new String(
            tokens.bytes(),
            tokens.start(first),
            tokens.end(end - 1) - tokens.start(first),
            StandardCharsets.UTF_8);
    return Optional.of(new SettingChange(name(tokens, at, end), sql));
  }

  private static String name(Tokens tokens, int at, int end) {
    String word = tokens.identifier(at);
    if (tokens.kind(at) == Tokens.IDENTIFIER) {
      switch (word) {
        case "authorization" -> {
          return "session_authorization";
        }
        case "characteristics" -> {
          return "session_characteristics";
        }
        case "names" -> {
          return "client_encoding";
        }
        case "schema" -> {
          return "search_path";
        }
        case "time" -> {
          if (tokens.isWord(at + 1, "ZONE")) {
            return "timezone";
          }
        }
        case "xml" -> {
          return "xmloption";
        }
        default -> {
          // An ordinary name.
        }
      }
    }
    StringBuilder name = new StringBuilder(word);
    while (at + 2 < end && tokens.isPunctuation(at + 1, '.')) {
      at += 2;
      name.append('.').append(tokens.identifier(at));
    }
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
