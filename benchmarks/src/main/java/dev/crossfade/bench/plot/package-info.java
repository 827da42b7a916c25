/** Pieces of pages of HTML. */
@NullMarked
package dev.crossfade.bench.plot;

import org.jspecify.annotations.NullMarked;
