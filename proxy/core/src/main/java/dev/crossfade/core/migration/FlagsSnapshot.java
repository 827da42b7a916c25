package dev.crossfade.core.migration;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flags of every migration at one version: immutable, swapped as a whole.
 *
 * @param version grows with every change in the control plane; 0 means none was ever received
 * @param migrations by name
 */
public record FlagsSnapshot(long version, Map<String, MigrationFlags> migrations) {
  public static final FlagsSnapshot EMPTY = new FlagsSnapshot(0, Map.of());

  public FlagsSnapshot {
    migrations = Map.copyOf(migrations);
  }

  public @Nullable MigrationFlags of(String migration) {
    return migrations.get(migration);
  }

  /** What reads of a migration are promised. */
  public ReadFreshness freshness(String migration) {
    MigrationFlags flags = migrations.get(migration);
    return flags == null ? Consistency.USUAL.freshness() : flags.consistency().freshness();
  }
}
