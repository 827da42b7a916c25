/**
 * {@code crossfade demo}: two real databases of different shape, a control plane, a sidecar,
 * clients at work, and the reads moved from one side to the other and back. One thread directs it;
 * the clients have their own.
 */
@NullMarked
package dev.crossfade.bench.demo;

import org.jspecify.annotations.NullMarked;
