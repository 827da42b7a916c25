/**
 * Carries what one side has committed to the other, over JDBC: reads the mutation log, makes
 * entities equal. A connection is used by one thread at a time.
 */
@NullMarked
package dev.crossfade.mirror;

import org.jspecify.annotations.NullMarked;
