/**
 * A migration from its file to COMPLETE, under a client's load, with real servers, a real sidecar
 * and a real control plane: what people do, by whatever means they do it.
 */
@NullMarked
package dev.crossfade.bench.journey;

import org.jspecify.annotations.NullMarked;
