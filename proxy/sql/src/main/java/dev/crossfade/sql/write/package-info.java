/**
 * Writes in one shape, carried out on the other. A statement's effect is a set of rows before and a
 * set of rows after, both in the client's shape; the lens of both is what is deleted, changed and
 * inserted where the data is. No I/O; any thread but an event loop: it parses.
 */
@NullMarked
package dev.crossfade.sql.write;

import org.jspecify.annotations.NullMarked;
