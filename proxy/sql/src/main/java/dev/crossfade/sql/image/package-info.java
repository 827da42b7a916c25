/**
 * What one side's rows come to on the other, entity by entity, and the statements that make the
 * other side equal to it. Text only, no I/O; any thread.
 */
@NullMarked
package dev.crossfade.sql.image;

import org.jspecify.annotations.NullMarked;
