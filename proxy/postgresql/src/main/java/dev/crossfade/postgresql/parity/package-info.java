/**
 * Whether new would have answered a write as old did: a sample of the writes is run there as well,
 * translated, in a transaction that is rolled back.
 *
 * <p>Sessions hand samples over on their event loops ({@link
 * dev.crossfade.postgresql.parity.Parity}); all else runs on a thread of its own, but for the one
 * connection to new, which has an event loop.
 */
@NullMarked
package dev.crossfade.postgresql.parity;

import org.jspecify.annotations.NullMarked;
