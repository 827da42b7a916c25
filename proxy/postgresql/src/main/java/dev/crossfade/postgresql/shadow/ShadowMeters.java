package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Verdict;

/** Where comparisons are counted. Any thread. */
public interface ShadowMeters {
  /** Why a read that was to be compared was not. */
  enum Shed {
    /** Too many wait to be run on the other side. */
    QUEUE,
    /** Too many differences wait to be confirmed. */
    CONFIRMATION,
    /** The answer is too large. */
    SIZE,
    /** The other side is not asked for a while. */
    CIRCUIT
  }

  /** A comparison has ended. */
  void ended(String migration, Verdict verdict);

  void shed(Shed why);
}
