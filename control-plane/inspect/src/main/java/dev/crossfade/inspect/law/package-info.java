/**
 * The laws of a lens, {@code down(up(x)) = x} and {@code up(down(y)) = y}, and the rules of the new
 * tables, checked on the rows of real databases. A law is one query that reads one side only: each
 * table of the other side that the lens's query names is replaced by the query that computes it. So
 * nothing is copied, and what is checked is what translation and mirroring will run.
 *
 * <p>Everything here blocks; one check belongs to one thread.
 */
@NullMarked
package dev.crossfade.inspect.law;

import org.jspecify.annotations.NullMarked;
