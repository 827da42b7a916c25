/** Throw-away certificates, made in memory. */
@NullMarked
package dev.crossfade.testkit.tls;

import org.jspecify.annotations.NullMarked;
