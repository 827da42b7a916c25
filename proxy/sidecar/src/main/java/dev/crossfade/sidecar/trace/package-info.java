/**
 * Spans of clients' statements, as OpenTelemetry. Made on event loops, sent by a thread of its own.
 */
@NullMarked
package dev.crossfade.sidecar.trace;

import org.jspecify.annotations.NullMarked;
