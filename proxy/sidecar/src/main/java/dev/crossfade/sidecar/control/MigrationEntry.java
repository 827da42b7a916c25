package dev.crossfade.sidecar.control;

import dev.crossfade.core.migration.MigrationFlags;

/**
 * One migration of a snapshot.
 *
 * @param name also {@code flags.migration()}
 * @param yaml the migration file, valid by the control plane's parser but not checked against any
 *     database
 * @param flags where its traffic goes
 */
public record MigrationEntry(String name, String yaml, MigrationFlags flags) {}
