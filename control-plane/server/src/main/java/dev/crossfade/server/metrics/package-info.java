/**
 * What the control plane shows to Prometheus. Labels are names of migrations and of enums, so there
 * are never many. Looked at on the thread that asks.
 */
@NullMarked
package dev.crossfade.server.metrics;

import org.jspecify.annotations.NullMarked;
