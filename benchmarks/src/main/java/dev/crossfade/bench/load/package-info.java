/**
 * A load of real pgjdbc clients whose every answer is known beforehand. Each client is a thread
 * with a connection of its own; the rest may be called from any thread.
 */
@NullMarked
package dev.crossfade.bench.load;

import org.jspecify.annotations.NullMarked;
