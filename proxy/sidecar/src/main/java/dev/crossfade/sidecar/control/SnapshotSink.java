package dev.crossfade.sidecar.control;

import java.util.Optional;

/** Puts a snapshot in force, or says why not. */
@FunctionalInterface
public interface SnapshotSink {
  /**
   * Takes over a snapshot as a whole, or leaves everything as it was. Called on a virtual thread,
   * one call at a time, and may take seconds; snapshots that arrive meanwhile are dropped except
   * for the newest. A refused snapshot is offered again after a pause, since what made it fail (a
   * database that was away) may pass.
   *
   * @return empty when it is in force, else one sentence for people that says why not; an exception
   *     counts as a refusal
   */
  Optional<String> offer(ControlSnapshot snapshot);
}
