/** The sidecar's configuration file, read and checked at start. One immutable value afterwards. */
@NullMarked
package dev.crossfade.sidecar.config;

import org.jspecify.annotations.NullMarked;
