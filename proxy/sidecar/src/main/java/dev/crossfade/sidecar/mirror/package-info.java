/** The mirrors of a sidecar: one for each migration whose stage asks for it. */
@NullMarked
package dev.crossfade.sidecar.mirror;

import org.jspecify.annotations.NullMarked;
