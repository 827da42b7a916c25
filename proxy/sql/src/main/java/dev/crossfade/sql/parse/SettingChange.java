package dev.crossfade.sql.parse;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The setting that a statement changes.
 *
 * @param name in lower case; the special forms by the setting they stand for; {@code all} for RESET
 *     ALL
 * @param sql the statement as the client wrote it; of a function's call the SET that does the same
 */
public record SettingChange(String name, String sql) {
  private static final Pattern PLAIN_NAME =
      Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)*");

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

  /**
   * Reads a text that is nothing but {@code SELECT set_config('name', 'value', false)}; empty when
   * it is more, or says it in other words.
   */
  public static Optional<SettingChange> ofCall(Tokens tokens) {
    int arguments = arguments(tokens);
    if (arguments < 0 || !tokens.isWord(arguments + 4, "FALSE")) {
      return Optional.empty();
    }
    String name = unquoted(tokens, arguments).toLowerCase(Locale.ROOT);
    return PLAIN_NAME.matcher(name).matches()
        ? Optional.of(new SettingChange(name, "SET " + name + " TO " + tokens.text(arguments + 2)))
        : Optional.empty();
  }

  /** Whether a text is nothing but such a call that counts for its transaction only. */
  public static boolean isLocalCall(Tokens tokens) {
    int arguments = arguments(tokens);
    return arguments >= 0 && tokens.isWord(arguments + 4, "TRUE");
  }

  /** The first token between the parentheses; -1 when the text has another form. */
  private static int arguments(Tokens tokens) {
    if (tokens.statementCount() != 1) {
      return -1;
    }
    int at = tokens.statementStart(0);
    int end = tokens.statementEnd(0);
    boolean qualified =
        end - at == 11 && tokens.isWord(at + 1, "PG_CATALOG") && tokens.isPunctuation(at + 2, '.');
    int function = qualified ? at + 3 : at + 1;
    boolean called =
        end - function == 8
            && tokens.isWord(at, "SELECT")
            && tokens.isWord(function, "SET_CONFIG")
            && tokens.isPunctuation(function + 1, '(')
            && isPlainString(tokens, function + 2)
            && tokens.isPunctuation(function + 3, ',')
            && isPlainString(tokens, function + 4)
            && tokens.isPunctuation(function + 5, ',')
            && tokens.isPunctuation(function + 7, ')');
    return called ? function + 2 : -1;
  }

  private static boolean isPlainString(Tokens tokens, int token) {
    return tokens.kind(token) == Tokens.STRING && tokens.bytes()[tokens.start(token)] == '\'';
  }

  private static String unquoted(Tokens tokens, int token) {
    String text = tokens.text(token);
    return text.substring(1, text.length() - 1);
  }

  /** Whether it says nothing of transactions but whether they may write. */
  private static boolean isAccessMode(Tokens tokens, int at, int end) {
    return end - at == 4
        && tokens.isWord(at, "AS")
        && tokens.isWord(at + 1, "TRANSACTION")
        && tokens.isWord(at + 2, "READ")
        && (tokens.isWord(at + 3, "ONLY") || tokens.isWord(at + 3, "WRITE"));
  }

  private static String name(Tokens tokens, int at, int end) {
    String word = tokens.identifier(at);
    if (tokens.kind(at) == Tokens.IDENTIFIER) {
      switch (word) {
        case "authorization" -> {
          return "session_authorization";
        }
        case "characteristics" -> {
          return isAccessMode(tokens, at + 1, end)
              ? "default_transaction_read_only"
              : "session_characteristics";
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
