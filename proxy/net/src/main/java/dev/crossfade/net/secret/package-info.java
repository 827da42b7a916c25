/** Reads secrets from this machine's files and environment: the one place that does. */
@NullMarked
package dev.crossfade.net.secret;

import org.jspecify.annotations.NullMarked;
