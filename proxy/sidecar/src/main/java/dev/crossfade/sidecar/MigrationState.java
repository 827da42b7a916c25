package dev.crossfade.sidecar;

import dev.crossfade.core.migration.MigrationFlags;

/**
 * How far a sidecar is with a migration.
 *
 * @param asked what the snapshot says
 * @param inForce false: old answers all reads of its tables
 * @param problem why it is not in force; empty where that is not known
 */
record MigrationState(MigrationFlags asked, boolean inForce, String problem) {}
