package dev.crossfade.bench.differential;

/** What came of one statement. */
sealed interface Verdict {
  /** Not valid, or too slow, or of too many rows, on old itself: no question to compare. */
  record NoQuestion(String reason, String detail) implements Verdict {}

  /** Not translated. */
  record Refused(String reason, String detail) implements Verdict {}

  /** The same on both sides. */
  record Equal(int rows) implements Verdict {}

  /**
   * Not the same.
   *
   * @param translated what new was asked
   * @param detail what differs, for people
   */
  record Wrong(Difference difference, String translated, String detail) implements Verdict {}

  /** In what two answers differ. */
  enum Difference {
    /** Old answers and new does not. */
    FAILS_ON_NEW,
    NAMES,
    TYPES,
    MODIFIERS,
    ROWS,
    ORDER
  }
}
