/** Accepting clients, and no longer accepting them. */
@NullMarked
package dev.crossfade.net.listen;

import org.jspecify.annotations.NullMarked;
