package dev.crossfade.core.measure;

import java.util.List;

/**
 * The classes of SQLSTATEs, their first two characters, in a fixed number: those that PostgreSQL
 * documents, the sidecar's own, and one for all that somebody else has made up. So errors are
 * counted in an array, and whoever raises what he likes makes no labels.
 */
public final class ErrorClasses {
  private static final List<String> NAMES =
      List.of(
          "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21",
          "22", "23", "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D",
          "3F", "40", "42", "44", "53", "54", "55", "57", "58", "72", "CF", "F0", "HV", "P0", "XX",
          "other");

  /** How many there are. */
  public static final int COUNT = NAMES.size();

  /** Of everything that is none of the others. */
  public static final int OTHER = COUNT - 1;

  /** A connection that failed, or could not be made. */
  public static final int CONNECTION = of('0', '8');

  /** Ended from outside, also by a deadline. */
  public static final int INTERVENTION = of('5', '7');

  private ErrorClasses() {}

  /** The class of a SQLSTATE with these first two characters. */
  public static int of(int first, int second) {
    for (int index = 0; index < OTHER; index++) {
      String name = NAMES.get(index);
      if (name.charAt(0) == first && name.charAt(1) == second) {
        return index;
      }
    }
    return OTHER;
  }

  /** The class of a SQLSTATE, or of the name of a class. */
  public static int of(String sqlState) {
    return sqlState.length() < 2 ? OTHER : of(sqlState.charAt(0), sqlState.charAt(1));
  }

  /** How a class is written: two characters, or {@code other}. */
  public static String name(int errorClass) {
    return NAMES.get(errorClass);
  }
}
