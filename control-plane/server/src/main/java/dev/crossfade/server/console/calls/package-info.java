/**
 * The console's way to the control plane: gRPC in the caller's own name, so that no page can do
 * what gRPC would refuse. Blocks; for virtual threads.
 */
@NullMarked
package dev.crossfade.server.console.calls;

import org.jspecify.annotations.NullMarked;
