package dev.crossfade.bench.soak;

/** What has to come back next. */
sealed interface Expected {
  /**
   * The answer to a question.
   *
   * @param first the number in the first row, which the next rows count on from
   * @param rows how many
   * @param binary whether numbers come as eight bytes rather than as digits
   */
  record Answer(Kind kind, Mode mode, long first, int rows, long nonce, boolean binary)
      implements Expected {
    @Override
    public String toString() {
      return "%s, %s, %s numbers, %d row(s) from %d, nonce %s"
          .formatted(kind, mode, binary ? "binary" : "text", rows, first, Nonce.text(nonce));
    }
  }

  /** The frames that confirm so many statements prepared. */
  record Prepared(int statements) implements Expected {}

  /** The completion of a statement without rows. */
  record Completion(String tag) implements Expected {}

  /** ReadyForQuery. */
  record Ready() implements Expected {}
}
