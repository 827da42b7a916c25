package dev.crossfade.postgresql.parity;

/** What two answers to the same write say. */
public sealed interface Judgement {
  /** How new differs from old. */
  enum Difference {
    /** Old has refused the values, and new takes them: it lacks a constraint. */
    ACCEPTED,
    /** Old has taken what new refuses. */
    REFUSED,
    /** Both refuse it, with other codes. */
    OTHER_ERROR,
    /** Other numbers of rows. */
    COUNT,
    /** Other values in RETURNING. */
    ROWS
  }

  /** Why two answers say nothing. */
  enum Unclear {
    /** Old has failed for a reason that is not in the statement's values. */
    NOT_OF_VALUES,
    /** It may have met its own effect, which had arrived on new already. */
    OWN_EFFECT,
    /** Others may have changed the rows that it depends on since old has answered. */
    OTHER_ROWS,
    /** Rows may be missing on new while they are copied: before SHADOW. */
    INCOMPLETE,
    /** New was busy, or could not be reached. */
    NEW_UNAVAILABLE,
    /** The mirror's login may not do it on new. */
    NOT_PERMITTED,
    /** It cannot be translated, which the readiness report says. */
    NOT_TRANSLATED,
    /** The mirror has not carried in time what was written before. */
    BEHIND,
    /** The form of the statement, or what it concerns, is not compared. */
    FORM
  }

  record Equal() implements Judgement {}

  record Different(Difference kind) implements Judgement {}

  /** The same statement has to be run once more before its rows can be compared. */
  record LookAgain() implements Judgement {}

  record Inconclusive(Unclear why) implements Judgement {}
}
