/** Secrets that are named where they are, so that they need not be written down anywhere else. */
@NullMarked
package dev.crossfade.core.secret;

import org.jspecify.annotations.NullMarked;
