/** What is counted, under the names that docs/metrics.md lists. Any thread. */
@NullMarked
package dev.crossfade.sidecar.metrics;

import org.jspecify.annotations.NullMarked;
