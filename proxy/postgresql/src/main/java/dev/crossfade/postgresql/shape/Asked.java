package dev.crossfade.postgresql.shape;

import org.jspecify.annotations.Nullable;

/**
 * A frame that was sent and what its answer has to become.
 *
 * <pre>
 * QUERY CALL SYNC  -> ReadyForQuery        PARSE -> 1   BIND -> 2   CLOSE -> 3
 * DESCRIBE -> T or n      EXECUTE -> C, I or s      COPY_END -> nothing
 * </pre>
 */
final class Asked {
  /** Which frame. */
  enum Kind {
    QUERY,
    CALL,
    SYNC,
    PARSE,
    BIND,
    CLOSE,
    DESCRIBE,
    EXECUTE,
    /** CopyDone or CopyFail: the server answers only the statement that copies. */
    COPY_END
  }

  private final Kind kind;
  private @Nullable Rewriting rewriting;
  private boolean hidden;
  private boolean ofOthers;
  private @Nullable Runnable undo;
  private int statement;
  private int step;
  private long rows;

  Asked(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** What it is about is not as the client wrote it. */
  Asked about(@Nullable Rewriting changed) {
    rewriting = changed;
    return this;
  }

  @Nullable Rewriting rewriting() {
    return rewriting;
  }

  /** The client did not send it. */
  Asked hidden() {
    hidden = true;
    return this;
  }

  boolean isHidden() {
    return hidden;
  }

  /** It may return what another statement has been prepared for. */
  Asked ofOthers(boolean others) {
    ofOthers = others;
    return this;
  }

  /**
   * @param action run when the server does not come to do it
   */
  Asked undo(Runnable action) {
    undo = action;
    return this;
  }

  /** The server has failed in it, or passes over it. */
  void undone() {
    if (undo != null) {
      undo.run();
    }
  }

  /** A CommandComplete; true when it is the one of the client's statement. */
  boolean completes() {
    if (answersStep()) {
      step++;
      return false;
    }
    step = 0;
    rows = 0;
    statement++;
    return true;
  }

  /** What stands in the place of the statement that is answered now; null: nothing. */
  @Nullable Replacement replacement() {
    return rewriting == null ? null : rewriting.of(statement);
  }

  private Replacement.@Nullable Write write() {
    return rewriting == null ? null : rewriting.write(statement);
  }

  /** Whether what is answered now answers something that the client does not know of. */
  boolean isForNobody() {
    return hidden || answersStep();
  }

  private boolean answersStep() {
    Replacement.Write write = write();
    return write != null && step < write.hiddenInMessage();
  }

  /** What is answered now, when that is a write of the client's; else null. */
  Replacement.@Nullable Write answersWrite() {
    return isForNobody() ? null : write();
  }

  /** How many rows a write says it was about. */
  void counted(long count) {
    rows = count;
  }

  long count() {
    return rows;
  }

  /** Whether the rows that it describes are not of the tables that the authority says. */
  boolean hidesTables() {
    Replacement by = replacement();
    return ofOthers || by != null && !by.isOwn();
  }

  /** Whether nothing is answered after an error in it, up to a Sync. */
  boolean isSkippedAfterError() {
    return kind != Kind.QUERY && kind != Kind.CALL && kind != Kind.SYNC;
  }

  /** Whether a ReadyForQuery ends it. */
  boolean endsWithReady() {
    return kind == Kind.QUERY || kind == Kind.CALL || kind == Kind.SYNC;
  }
}
