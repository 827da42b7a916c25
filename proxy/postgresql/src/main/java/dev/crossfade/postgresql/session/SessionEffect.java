package dev.crossfade.postgresql.session;

/** What a statement does to the session when it succeeds on the authority. */
sealed interface SessionEffect {
  /** BEGIN ... READ ONLY whose reads may see any snapshot. */
  record BeginReadOnly() implements SessionEffect {}

  /** BEGIN ... READ ONLY with one snapshot for all, or together with other statements. */
  record BeginPinned() implements SessionEffect {}

  /** COMMIT or END: whether it really committed stands in its command tag. */
  record Commit() implements SessionEffect {}

  /** SAVEPOINT, RELEASE, ROLLBACK TO. */
  record Savepoint() implements SessionEffect {}

  /**
   * SET or RESET of one setting, session-wide.
   *
   * @param sql the statement itself, to be repeated on new
   */
  record Setting(String name, String sql) implements SessionEffect {}

  /** RESET ALL. */
  record ResetAll() implements SessionEffect {}

  /** DISCARD ALL, or another DISCARD. */
  record Discard(boolean all) implements SessionEffect {}

  /**
   * DEALLOCATE.
   *
   * @param name empty for all
   */
  record Deallocate(String name) implements SessionEffect {}

  /** Something that new cannot follow: all reads of the session stay on the authority. */
  record Pin() implements SessionEffect {}
}
