/** What comes of comparing two answers. Values and pure decisions; any thread. */
@NullMarked
package dev.crossfade.core.compare;

import org.jspecify.annotations.NullMarked;
