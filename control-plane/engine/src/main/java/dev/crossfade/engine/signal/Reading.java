package dev.crossfade.engine.signal;

import java.time.Instant;

/**
 * What is known of one migration's signals now.
 *
 * @param at when the newest report in it came; the epoch when there is none
 * @param totals since the control plane knows this migration, over all replicas and restarts
 * @param mirror from reports that are not older than a few seconds
 * @param reporting sidecars whose last report is not older than a few seconds
 * @param silent sidecars that reported in the last minutes and do not any more
 */
public record Reading(Instant at, Totals totals, MirrorGauge mirror, int reporting, int silent) {
  /** Nobody has reported. */
  public static final Reading NONE =
      new Reading(Instant.EPOCH, Totals.NONE, MirrorGauge.UNKNOWN, 0, 0);
}
