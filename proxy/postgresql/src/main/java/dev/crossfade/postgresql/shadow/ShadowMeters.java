package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Verdict;

/** Where comparisons are counted. Any thread. */
public interface ShadowMeters {
  /** Why a read that was to be compared was not. */
  enum Shed {
    /** Too many wait to be run on the other side. */
    QUEUE,
    /** It is not counted: too many differences wait to be confirmed, and one of it could not. */
    CONFIRMATION,
    /** The comparison itself went wrong, which nobody else is to notice. */
    FAILURE,
    /** The answer is too large. */
    SIZE,
    /** The other side is not asked for a while. */
    CIRCUIT
  }

  /** Why a read of a migration that is compared cannot be. */
  enum Unfit {
    /** Its session has settings, or began with some, that no other can be given. */
    SESSION,
    /** Its transaction may have written, or has settings of its own. */
    TRANSACTION,
    /** Its transaction has a snapshot that is older than the read. */
    SNAPSHOT,
    /** Another batch of the session was under way. */
    PIPELINE,
    /** Only some of its rows were fetched at once. */
    PART,
    /** Types that users made differ. */
    TYPES,
    /** It is too long. */
    SIZE,
    /** It is not known that its user may read the tables. */
    PRIVILEGES
  }

  /** A comparison has ended. */
  void ended(String migration, Verdict verdict);

  void shed(Shed why);

  void unfit(Unfit why);
}
