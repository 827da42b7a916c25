/**
 * Jobs at work: each on a thread of its own, never on one of gRPC's. What is known of them is in
 * the store; a control plane that dies loses one chunk of each.
 */
@NullMarked
package dev.crossfade.server.job;

import org.jspecify.annotations.NullMarked;
