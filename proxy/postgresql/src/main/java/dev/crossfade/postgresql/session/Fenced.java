package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.wire.ErrorFields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the fence in a database says to a write that may not be done there.
 *
 * @param authority where it is done now; null while no side takes writes
 */
record Fenced(String migration, @Nullable Side authority) {
  static final String SQL_STATE = "CF001";

  private static final Pattern ELSEWHERE =
      Pattern.compile("migration (.+) has its authority on (OLD|NEW|no side), not here");

  private static final Pattern HERE_NOW =
      Pattern.compile("migration (.+) got its authority here while this statement waited");

  /**
   * @param said the side whose database has failed
   * @return null when it is another error
   */
  static @Nullable Fenced read(ErrorFields error, Side said) {
    if (!error.sqlState().equals(SQL_STATE)) {
      return null;
    }
    Matcher elsewhere = ELSEWHERE.matcher(error.message());
    if (elsewhere.matches()) {
      String side = elsewhere.group(2);
      return new Fenced(elsewhere.group(1), side.equals("no side") ? null : Side.valueOf(side));
    }
    Matcher hereNow = HERE_NOW.matcher(error.message());
    return hereNow.matches() ? new Fenced(hereNow.group(1), said) : null;
  }
}
