/**
 * The control plane's state in PostgreSQL, and the feed that tells every replica of its changes.
 *
 * <p>Called by the gRPC services on their (virtual) threads; calls block on the database. The feed
 * has one thread of its own and calls its listeners on it, or on the thread of the change that it
 * was told of.
 */
@NullMarked
package dev.crossfade.server.store;

import org.jspecify.annotations.NullMarked;
