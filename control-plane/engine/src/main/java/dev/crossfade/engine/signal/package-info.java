/** What the fleet measures of a migration, as values for those who judge it. Pure; any thread. */
@NullMarked
package dev.crossfade.engine.signal;

import org.jspecify.annotations.NullMarked;
