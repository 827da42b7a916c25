/**
 * {@code crossfade bench soak}: millions of queries whose answers say which question they answer,
 * among cancel requests and broken connections, while the sidecar's memory is watched.
 *
 * <p>A {@link Swarm} is one thread with many {@link SoakClient clients}; nothing but the {@link
 * Tally} is shared between swarms. One more thread directs the run and takes {@link Vitals}.
 */
@NullMarked
package dev.crossfade.bench.soak;

import org.jspecify.annotations.NullMarked;
