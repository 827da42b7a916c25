/** The process: everything is put together here and nowhere else. */
@NullMarked
package dev.crossfade.sidecar;

import org.jspecify.annotations.NullMarked;
