package dev.crossfade.mirror;

import java.io.Serial;

/** Why the authority is not where it was to be moved. */
public final class FlipException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What it means for those who write. */
  public enum Kind {
    /** Nothing was begun; nobody has waited. */
    REFUSED,
    /** Writers have waited for a moment, and go on where they were. */
    UNDONE,
    /**
     * The side that had the authority has given it up, the other has not got it: nobody can write
     * until the same flip is run again.
     */
    UNFINISHED,
    /**
     * It is not known which side has the authority; at most one of them. The same flip, run again,
     * finds out.
     */
    UNKNOWN
  }

  FlipException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  FlipException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
