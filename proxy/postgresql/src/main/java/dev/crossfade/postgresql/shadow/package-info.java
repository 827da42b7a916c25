/**
 * Compares both sides' answers to reads: the client's answer is digested while it passes, the same
 * read is run on the other side behind it, and what differs is run on both again before anybody
 * hears of it.
 *
 * <p>Sessions wait for nothing here. {@link dev.crossfade.postgresql.shadow.Shadow} is the way in;
 * {@link dev.crossfade.postgresql.shadow.Comparisons} has what came of it.
 */
@NullMarked
package dev.crossfade.postgresql.shadow;

import org.jspecify.annotations.NullMarked;
