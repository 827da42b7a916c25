/** What carrying changes costs, and how fast it is, on two real servers. */
@NullMarked
package dev.crossfade.bench.mirror;

import org.jspecify.annotations.NullMarked;
