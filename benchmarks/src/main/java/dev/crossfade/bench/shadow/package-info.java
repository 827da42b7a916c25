/** What comparing reads costs clients and the sidecar, and whether it ever cries wolf. */
@NullMarked
package dev.crossfade.bench.shadow;

import org.jspecify.annotations.NullMarked;
