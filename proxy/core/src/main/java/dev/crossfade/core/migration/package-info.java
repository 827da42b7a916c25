/** Where a migration stands: sides, stages, flags and their snapshot. Values only; any thread. */
@NullMarked
package dev.crossfade.core.migration;

import org.jspecify.annotations.NullMarked;
