package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.Report;

/** Counts since the last time they were taken. */
@FunctionalInterface
public interface ReportSource {
  /**
   * Takes the counts and begins anew. Called about once a second while the control plane is
   * connected, on the control client's event loop: reads counters and returns, without waiting for
   * anything. {@code interval} is filled in by the caller.
   */
  Report take();
}
