/**
 * {@code crossfade ctl}: the catalog of migrations from the command line, for people (tables) and
 * scripts (JSON).
 *
 * <p>One command, one class, one call of the control plane; those of {@code ctl lens} look at a
 * file only. Runs on the main thread; nothing else uses this package.
 */
@NullMarked
package dev.crossfade.cli;

import org.jspecify.annotations.NullMarked;
