package dev.crossfade.postgresql.shape;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a start-up packet says of the session's shape: {@code crossfade.shape}, as a parameter of
 * its own or in {@code options}, which the server reads first (documentation, "postgres").
 *
 * @param value empty where nothing is said
 * @param searchPath whether it also sets where unqualified names are looked up
 */
public record ShapeOption(String value, boolean searchPath) {
  private static final String NAME = "crossfade.shape";
  private static final Set<String> VALUES = Set.of("", "old", "new");

  /**
   * @param parameters of the start-up packet
   */
  public static ShapeOption read(Map<String, String> parameters) {
    String options = parameters.getOrDefault("options", "");
    if (parameters.size() <= 3 && options.isEmpty() && !parameters.containsKey(NAME)) {
      return new ShapeOption("", false);
    }
    String value = "";
    boolean searchPath = false;
    for (Setting setting : settings(options)) {
      value = setting.name().equals(NAME) ? setting.value() : value;
      searchPath |= setting.name().equals("search_path");
    }
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String name = folded(parameter.getKey());
      value = name.equals(NAME) ? parameter.getValue() : value;
      searchPath |= name.equals("search_path");
    }
    return new ShapeOption(value.toLowerCase(Locale.ROOT), searchPath);
  }

  /** Whether the session speaks the new shape. */
  public boolean isNew() {
    return value.equals("new");
  }

  /** Why there cannot be a session; null when there can. */
  public @Nullable Fault refusal() {
    return VALUES.contains(value)
        ? null
        : new Fault(
            Fault.Kind.INVALID_OPTION,
            "invalid value for parameter \"" + NAME + "\": \"" + value + "\" (it is old or new)");
  }

  /** Whether a statement of a text would set it, or put it back. */
  static boolean isSetBy(Tokens tokens, int statement) {
    StatementKind kind = tokens.statementKind(statement);
    boolean sets =
        kind == StatementKind.SET_SESSION
            || kind == StatementKind.SET_LOCAL
            || kind == StatementKind.RESET;
    int end = tokens.statementEnd(statement) - 2;
    for (int token = tokens.statementStart(statement); sets && token < end; token++) {
      if (tokens.isWord(token, "CROSSFADE")
          && tokens.isPunctuation(token + 1, '.')
          && tokens.isWord(token + 2, "SHAPE")) {
        return true;
      }
    }
    return false;
  }

  private record Setting(String name, String value) {}

  private static List<Setting> settings(String options) {
    List<Setting> settings = new ArrayList<>();
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String setting = "";
      if (word.equals("-c") && i + 1 < words.size()) {
        setting = words.get(++i);
      } else if (word.startsWith("-c") || word.startsWith("--")) {
        setting = word.substring(2);
      }
      int equals = setting.indexOf('=');
      if (equals > 0) {
        settings.add(
            new Setting(folded(setting.substring(0, equals)), setting.substring(equals + 1)));
      }
    }
    return settings;
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Words between blanks; a backslash takes the meaning of what follows it away. */
  private static List<String> words(String options) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean open = false;
    for (int i = 0; i < options.length(); i++) {
      char c = options.charAt(i);
      if (c == ' ' || c >= '\t' && c <= '\r') {
        if (open) {
          words.add(word.toString());
          word.setLength(0);
          open = false;
        }
        continue;
      }
      if (c == '\\' && i + 1 < options.length()) {
        c = options.charAt(++i);
      }
      word.append(c);
      open = true;
    }
    if (open) {
      words.add(word.toString());
    }
    return words;
  }
}
