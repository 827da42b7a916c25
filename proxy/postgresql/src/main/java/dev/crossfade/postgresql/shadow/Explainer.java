package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.migration.Side;

/** Asks a side how it would run a statement. Nothing is executed. */
public interface Explainer {
  /**
   * Blocks.
   *
   * @param types OIDs of the parameters
   * @return the plan as text; empty where the side does not say
   */
  String explain(Side side, byte[] sql, int[] types);
}
