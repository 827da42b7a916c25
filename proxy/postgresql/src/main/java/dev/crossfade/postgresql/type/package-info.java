/**
 * Types that users made. Their OIDs differ from server to server, and stand in descriptions and
 * inside binary values: which type of one server is which of the other, and how values are carried
 * across. Without I/O of its own.
 */
@NullMarked
package dev.crossfade.postgresql.type;

import org.jspecify.annotations.NullMarked;
