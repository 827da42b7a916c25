/**
 * The control plane's process: reads the command line, wires store, feed and gRPC services, starts
 * and stops them.
 *
 * <p>The only package that knows all others. Start-up and shutdown run on the main thread and the
 * shutdown hook.
 */
@NullMarked
package dev.crossfade.server;

import org.jspecify.annotations.NullMarked;
