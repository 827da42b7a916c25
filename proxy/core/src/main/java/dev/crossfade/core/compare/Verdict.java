package dev.crossfade.core.compare;

/** What the comparison of both sides' answers to one read came to. */
public enum Verdict {
  /** Both answers are the same. */
  MATCH,
  /** The same rows in another order, where the statement fixes it. */
  ORDER,
  /** As many rows, with other values. */
  VALUE,
  /** Rows of old are not there on new. */
  MISSING_ROWS,
  /** New has rows that old does not have. */
  EXTRA_ROWS,
  /** New failed and old did not. */
  ERROR_ONLY_NEW,
  /** Old failed and new did not. */
  ERROR_ONLY_OLD,
  /** The answers are the same, but new took far longer. */
  SLOW,
  /** A difference that was gone once the mirror had passed the read's time. */
  RACE,
  /** A difference of the kind that old shows against itself. */
  NOISE,
  /** Not decided: shed, too late, or one side could not be asked. */
  UNDECIDED,
  /** A difference that nobody could confirm or explain: it may be any of them. */
  UNCONFIRMED;

  /** Whether new gave a client another answer than old, or would have. */
  public boolean isMismatch() {
    return switch (this) {
      case ORDER, VALUE, MISSING_ROWS, EXTRA_ROWS, ERROR_ONLY_NEW, ERROR_ONLY_OLD -> true;
      case MATCH, SLOW, RACE, NOISE, UNDECIDED, UNCONFIRMED -> false;
    };
  }

  /** Whether it says anything about the two answers. */
  public boolean isDecided() {
    return this != UNDECIDED && this != UNCONFIRMED;
  }
}
