/**
 * Connections to the two databases of a migration, which only read. Every call blocks; a connection
 * belongs to one thread.
 */
@NullMarked
package dev.crossfade.inspect.database;

import org.jspecify.annotations.NullMarked;
