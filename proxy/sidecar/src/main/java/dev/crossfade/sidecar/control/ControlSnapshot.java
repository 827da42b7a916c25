package dev.crossfade.sidecar.control;

import java.util.List;

/**
 * All migrations at one version of the control plane's catalog: complete and consistent in itself.
 *
 * @param version grows with every change; lower than before only when the control plane was rebuilt
 *     or restored
 * @param migrations ordered by name
 */
public record ControlSnapshot(long version, List<MigrationEntry> migrations) {
  public ControlSnapshot {
    migrations = List.copyOf(migrations);
  }
}
