package dev.crossfade.postgresql.parity;

import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Judgement.Unclear;

/** Where the comparisons are counted. Any thread. */
public interface ParityMeters {
  /** Both sides have answered a write in the same way. */
  void equal(String migration);

  /** New differs, each time that it was asked. One such sample proves nothing yet. */
  void different(String migration, Difference kind);

  void inconclusive(String migration, Unclear why);

  /** A sample was not compared because too many wait. */
  void shed();
}
