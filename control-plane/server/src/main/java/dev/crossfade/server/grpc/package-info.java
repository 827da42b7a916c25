/**
 * The gRPC services: {@code crossfade.v1} in front of the store and the feed.
 *
 * <p>Calls run on virtual threads. Pushes to sidecars and watchers come from the feed's thread and
 * from one pulse thread; whoever sends holds the lock of that one stream. Every stream, queue and
 * message has a limit.
 */
@NullMarked
package dev.crossfade.server.grpc;

import org.jspecify.annotations.NullMarked;
