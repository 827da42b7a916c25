/**
 * What a PostgreSQL server is asked about its own catalog, and what its answers come to. No
 * connection is made here: whoever has one asks. Any thread.
 */
@NullMarked
package dev.crossfade.sql.catalog;

import org.jspecify.annotations.NullMarked;
