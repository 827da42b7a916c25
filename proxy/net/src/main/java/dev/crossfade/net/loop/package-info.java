/** Event loops: one transport for the whole process. */
@NullMarked
package dev.crossfade.net.loop;

import org.jspecify.annotations.NullMarked;
