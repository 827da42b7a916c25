package dev.crossfade.bench.rollout;

import dev.crossfade.inspect.database.DatabaseUrl;

/**
 * The migration that is measured, and where its databases are.
 *
 * @param yaml its file
 */
record Subject(String migration, String yaml, DatabaseUrl old, DatabaseUrl target) {}
