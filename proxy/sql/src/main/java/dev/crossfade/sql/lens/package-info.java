/**
 * The lens: migration files, their compiled queries, and the translation of reads by putting a query in the place of a table.
 * Compiling and analysing parse and therefore block; applying a {@link dev.crossfade.sql.lens.Translation} does not.
 */
@NullMarked
package dev.crossfade.sql.lens;

import org.jspecify.annotations.NullMarked;
