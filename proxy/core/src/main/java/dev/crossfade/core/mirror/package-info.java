/** When what was written on one side is on the other. No I/O; any thread. */
@NullMarked
package dev.crossfade.core.mirror;

import org.jspecify.annotations.NullMarked;
