/**
 * {@code crossfade up}: a control plane and a sidecar in front of somebody's two databases, with
 * settings made from their addresses. For trying it on one machine; it starts the packaged commands
 * as {@code demo} does, and knows nothing of their insides. Calls block; any thread.
 */
@NullMarked
package dev.crossfade.bench.up;

import org.jspecify.annotations.NullMarked;
