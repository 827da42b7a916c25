package dev.crossfade.sidecar.control;

import java.util.Optional;

/** Puts a snapshot in force, or says why not. */
@FunctionalInterface
public interface SnapshotSink {
  /**
   * Takes over a snapshot, as far as it can. Called on a virtual thread, one call at a time, and
   * may take seconds; snapshots that arrive meanwhile are dropped except for the newest. A snapshot
   * that is not in force as a whole is offered again after a pause, since what made it fail may
   * pass.
   *
   * @return empty when all of it is in force; an exception counts as a refusal
   */
  Optional<Refusal> offer(ControlSnapshot snapshot);
}
