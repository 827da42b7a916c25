/**
 * What a write costs on the authority: plain, through a sidecar, with a migration in both ways of
 * acknowledging, and beside a proxy that writes to both servers itself.
 */
@NullMarked
package dev.crossfade.bench.ack;

import org.jspecify.annotations.NullMarked;
