/**
 * One client session: its batches, where they go, and the replies.
 *
 * <p>Everything of a session runs on the one event loop that its channels share; only {@link
 * dev.crossfade.postgresql.session.ProxyContext} and what it holds are shared between loops.
 */
@NullMarked
package dev.crossfade.postgresql.session;

import org.jspecify.annotations.NullMarked;
