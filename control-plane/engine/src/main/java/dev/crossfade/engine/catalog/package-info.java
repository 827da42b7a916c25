/**
 * The catalog of migrations: which changes its rules allow and what each leads to.
 *
 * <p>Pure: no clock, no I/O, no randomness; any thread. The server's store calls it inside a
 * transaction that holds the catalog's lock, so a decision is made on the state that it will be
 * written to.
 */
@NullMarked
package dev.crossfade.engine.catalog;

import org.jspecify.annotations.NullMarked;
