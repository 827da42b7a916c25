package dev.crossfade.bench.writes;

/** What came of a statement on new. */
sealed interface Executed {
  /**
   * @param reason why it is not translated
   */
  record Refused(String reason, String detail) implements Executed {}

  /**
   * @param sql that ran on new, empty lines between statements
   * @param nanos it took, translation not counted
   */
  record Answered(Outcome outcome, String sql, long nanos) implements Executed {}
}
