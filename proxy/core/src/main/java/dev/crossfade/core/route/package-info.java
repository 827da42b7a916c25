/** Which side answers a read, and why. Pure functions of their arguments; any thread. */
@NullMarked
package dev.crossfade.core.route;

import org.jspecify.annotations.NullMarked;
