package dev.crossfade.server.job;

import dev.crossfade.inspect.database.QueryException;
import java.sql.SQLException;
import java.util.Set;

/**
 * Why a job did not get to its end.
 *
 * @param message a sentence without values of rows
 * @param isPassing whether it can be otherwise in a moment
 */
public record Failure(String message, boolean isPassing) {
  /** The connection, rollbacks, resources, somebody's intervention. */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57");

  /** Of these, the server speaks of names and places rather than of rows. */
  private static final Set<String> WITHOUT_VALUES = Set.of("08", "28", "3D", "42", "53", "57");

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String OWN = "CF";
  private static final String BUSY = "CF003";

  public static Failure of(SQLException e) {
    return of(new QueryException(e));
  }

  public static Failure of(QueryException e) {
    String state = e.state();
    String family = state.substring(0, Math.min(2, state.length()));
    boolean isShown = WITHOUT_VALUES.contains(family) || family.equals(OWN);
    return new Failure(
        isShown ? e.getMessage() + " (" + state + ")" : e.withoutValues(),
        PASSING_CLASSES.contains(family) || state.equals(LOCK_NOT_AVAILABLE) || state.equals(BUSY));
  }

  /** Something that only people can put right. */
  static Failure lasting(String message) {
    return new Failure(message, false);
  }

  static Failure passing(String message) {
    return new Failure(message, true);
  }
}
