/**
 * What a database keeps of its own changes, and what keeps it from taking writes that belong
 * elsewhere: schema {@code crossfade} and its triggers. Text only, no I/O; any thread.
 */
@NullMarked
package dev.crossfade.sql.capture;

import org.jspecify.annotations.NullMarked;
