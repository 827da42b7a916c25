package dev.crossfade.postgresql.session;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What makes another session give the answers that a client's own gives. */
final class SampledSettings {
  /** Start-up parameters that another session need not have, or gets from what old reports. */
  private static final Set<String> FOLLOWED =
      Set.of(
          "user",
          "database",
          "application_name",
          "client_encoding",
          "datestyle",
          "intervalstyle",
          "timezone",
          "extra_float_digits");

  private SampledSettings() {}

  /** Whether another session can be made like it. */
  static boolean canBeFollowed(ClientSession session) {
    if (session.state().settings().isPinned()) {
      return false;
    }
    for (String name : session.startup().parameters().keySet()) {
      if (!FOLLOWED.contains(name) && !FOLLOWED.contains(name.toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    return true;
  }

  /** Statements that do so. */
  static String of(ClientSession session) {
    String like = session.state().settings().statementsFor(Map.of(), true);
    String digits = session.startup().parameters().get("extra_float_digits");
    return digits == null
        ? like
        : "SET extra_float_digits TO '" + digits.replace("'", "''") + "';" + like;
  }
}
