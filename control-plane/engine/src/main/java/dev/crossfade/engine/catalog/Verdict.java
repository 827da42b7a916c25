package dev.crossfade.engine.catalog;

import org.jspecify.annotations.Nullable;

/** What a command comes to. */
public sealed interface Verdict {
  /** One sentence for people. */
  String message();

  /** The catalog changes. */
  record Changed(CatalogEntry entry, Change change, String message) implements Verdict {}

  /**
   * The catalog changes, and what the command asks for has yet to be done.
   *
   * @param entry with the move
   */
  record Begun(CatalogEntry entry, Change change, String message) implements Verdict {}

  /**
   * The catalog changes, and a move is over.
   *
   * @param entry without the move
   * @param then what is decided next, before anybody else decides anything; null for nothing
   */
  record Ended(
      CatalogEntry entry,
      Change change,
      MoveEnd end,
      String message,
      Command.@Nullable Rollback then)
      implements Verdict {}

  /**
   * Nothing changes before the move that is under way has ended.
   *
   * @param move what is waited for
   */
  record Underway(CatalogEntry entry, Move move, String message) implements Verdict {}

  /**
   * What the command asks for begins once the move that is under way has ended; whoever ends it
   * does so, for who asked may be gone by then.
   *
   * @param move with what follows it
   */
  record Queued(CatalogEntry entry, Move move, String message) implements Verdict {}

  /** Everything already is as asked. */
  record Unchanged(CatalogEntry entry, String message) implements Verdict {}

  /** It is not done. */
  record Refused(Why why, String message) implements Verdict {}

  /** Why something is not done. */
  enum Why {
    /** The request cannot be right, whatever the state. */
    INVALID,
    /** There is no such migration. */
    NOT_FOUND,
    /** The state does not allow it. */
    STATE,
    /** The version is not the expected one. */
    CONFLICT,
    /** The catalog is full. */
    LIMIT
  }
}
