/**
 * Random reads in the old shape, asked of old as they are and of new as the sidecar translates
 * them: both answers have to be the same, byte by byte. Called by the command and by a test; every
 * call blocks.
 */
@NullMarked
package dev.crossfade.bench.differential;

import org.jspecify.annotations.NullMarked;
