/**
 * What the sidecar itself asks the servers: catalogs, descriptions, permissions. Blocking: on planner and virtual threads,
 * never on an event loop.
 */
@NullMarked
package dev.crossfade.postgresql.catalog;

import org.jspecify.annotations.NullMarked;
