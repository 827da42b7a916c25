package dev.crossfade.postgresql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether a session begins so that an unqualified name means for it what it means for everybody,
 * and with its own user's privileges. Else old answers all its reads.
 *
 * <p>The {@code options} of a start-up packet are the server's command line (documentation,
 * "postgres"): of its forms only {@code -c name=value}, {@code -cname=value} and {@code
 * --name=value} are understood here; whatever else is there is out of scope.
 */
final class StartupScope {
  /** Settings, as the server folds their names, that change what a name or a privilege is. */
  private static final Set<String> DECIDING =
      Set.of("search_path", "role", "session_authorization");

  private StartupScope() {}

  /**
   * @param parameters of the start-up packet
   */
  static boolean isUsual(Map<String, String> parameters) {
    for (String name : parameters.keySet()) {
      if (decides(name)) {
        return false;
      }
    }
    return areUsual(parameters.getOrDefault("options", ""));
  }

  private static boolean areUsual(String options) {
    for (int i = 0; i < options.length(); i++) {
      // A backslash takes a blank's meaning away; what blanks there are beyond ASCII is the
      // server's to say.
      if (options.charAt(i) == '\\' || options.charAt(i) > '~') {
        return false;
      }
    }
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String setting;
      if (word.equals("-c")) {
        i++;
        setting = i < words.size() ? words.get(i) : "";
      } else if (word.startsWith("-c") || word.startsWith("--")) {
        setting = word.substring(2);
      } else {
        return false;
      }
      int equals = setting.indexOf('=');
      if (equals < 1 || decides(setting.substring(0, equals))) {
        return false;
      }
    }
    return true;
  }

  /** Words between blanks, as the C library knows them. */
  private static List<String> words(String options) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= options.length(); i++) {
      if (i == options.length() || isBlank(options.charAt(i))) {
        if (i > start) {
          words.add(options.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  private static boolean decides(String name) {
    return DECIDING.contains(name.toLowerCase(Locale.ROOT).replace('-', '_'));
  }
}
