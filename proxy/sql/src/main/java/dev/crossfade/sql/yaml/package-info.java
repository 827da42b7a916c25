/**
 * Reads the YAML files that people write: typed access that collects every problem with its place, instead of stopping at
 * the first. Used by the lens and by the sidecar's configuration. Any thread, but one document belongs to one thread.
 */
@NullMarked
package dev.crossfade.sql.yaml;

import org.jspecify.annotations.NullMarked;
