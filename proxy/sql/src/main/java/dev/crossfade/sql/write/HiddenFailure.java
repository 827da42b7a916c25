package dev.crossfade.sql.write;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A failure that no function of the server's raises: SQL that fails with a text that is no number,
 * of which whoever passes errors on makes the failure again.
 */
public record HiddenFailure(String sqlState, String message) {
  /** Invalid text representation. */
  private static final String NO_NUMBER = "22P02";

  private static final String FOREIGN_KEY = "23503";
  private static final Pattern HIDDEN =
      Pattern.compile("crossfade fails ([0-9A-Z]{5}): (.*) #[0-9]+", Pattern.DOTALL);

  /** Of a row that lacks a value. */
  static HiddenFailure ofNull(String table) {
    return new HiddenFailure(
        "23502", "null value in a column of \"%s\" violates not-null constraint".formatted(table));
  }

  /** Of a key that is there already. */
  static HiddenFailure ofKey(String table) {
    return new HiddenFailure(
        "23505", "duplicate key value violates the primary key of \"%s\"".formatted(table));
  }

  static HiddenFailure ofChild(Reference reference) {
    return new HiddenFailure(
        FOREIGN_KEY,
        "insert or update on table \"%s\" violates foreign key constraint \"%s\""
            .formatted(reference.child().table().name(), reference.name()));
  }

  static HiddenFailure ofParent(Reference reference) {
    return new HiddenFailure(
        FOREIGN_KEY,
        "update or delete on table \"%s\" violates foreign key constraint \"%s\" on table \"%s\""
            .formatted(
                reference.parent().table().name(),
                reference.name(),
                reference.child().table().name()));
  }

  /** An expression of an aggregating query: 0, or it fails. */
  String unless(String condition) {
    String text = Defaults.literal("crossfade fails " + sqlState + ": " + message + " #");
    return "CAST(CASE WHEN "
        + (condition + " THEN '0' ELSE " + text)
        + " || CAST(count(*) AS text) END AS integer)";
  }

  /** What an error of the server's stands for; empty when it is what it says. */
  public static Optional<HiddenFailure> of(String sqlState, String message) {
    Matcher matcher = HIDDEN.matcher(message);
    return sqlState.equals(NO_NUMBER) && matcher.find()
        ? Optional.of(new HiddenFailure(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }
}
