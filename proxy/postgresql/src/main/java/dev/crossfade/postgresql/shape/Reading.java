package dev.crossfade.postgresql.shape;

/** What becomes of a text. */
sealed interface Reading {
  /**
   * It goes on as it came.
   *
   * @param ofOthers it may return what another statement has been prepared for
   */
  record AsIs(boolean ofOthers) implements Reading {}

  /** Other text goes on. */
  record Changed(Rewriting rewriting) implements Reading {}

  /** It is not known yet: to be read again before long. */
  record Unknown() implements Reading {}
}
