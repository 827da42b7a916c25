package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.parity.Judgement.Difference;

/**
 * A difference that has been confirmed.
 *
 * @param migration whose table the statement writes
 * @param statement without its literals
 * @param old what old has said
 * @param target what new has said
 */
public record Finding(
    String migration, String statement, Difference kind, String old, String target) {
  private static final int MOST_TEXT = 600;

  /** One sentence for people, without a value. */
  public String what() {
    return switch (kind) {
      case ACCEPTED -> "new accepts what old refuses with " + old;
      case REFUSED -> "new refuses with " + target + " what old accepts";
      case OTHER_ERROR -> "new refuses with " + target + " what old refuses with " + old;
      case COUNT -> "old answers " + old + ", new " + target;
      case ROWS -> "RETURNING gives other values on new";
    };
  }

  /** The same, and of which statement. */
  public String message() {
    String text =
        statement.length() <= MOST_TEXT ? statement : statement.substring(0, MOST_TEXT) + "...";
    return what() + ": " + text;
  }
}
