/**
 * Random writes in the old shape, carried out on new as they are translated, by many sessions at
 * once; then the originals one after the other on old: both have to answer the same and to end with
 * the same rows. Called by the command and by a test; every call blocks.
 */
@NullMarked
package dev.crossfade.bench.writes;

import org.jspecify.annotations.NullMarked;
