package dev.crossfade.postgresql.session;

/** The transaction on new that follows the client's where new has the authority. */
final class MovedTransaction {
  private boolean open;
  private boolean failed;
  private boolean touched;
  private boolean wrote;

  boolean isOpen() {
    return open;
  }

  /** Whether it can only be rolled back. */
  boolean hasFailed() {
    return failed;
  }

  /** Whether it has done something beyond its beginning. */
  boolean isTouched() {
    return touched;
  }

  /** Whether it may have written. */
  boolean hasWritten() {
    return wrote;
  }

  void begun() {
    open = true;
  }

  /** It is where the client's is: a savepoint was gone back to. */
  void follows() {
    failed = false;
  }

  /**
   * A batch in it was answered.
   *
   * @param status of ReadyForQuery
   * @param wroteNow whether the batch may have written
   */
  void answered(byte status, boolean wroteNow) {
    open = status != 'I';
    failed = status == 'E';
    touched = open;
    wrote = open && (wrote || wroteNow);
  }

  void ended() {
    answered((byte) 'I', false);
  }
}
