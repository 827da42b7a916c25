/**
 * A real Unleash server, for tests and the demo. Any thread may use it; calls block. It needs Node
 * and npm: ask {@link dev.crossfade.testkit.unleash.UnleashServer#obstacle} first.
 */
@NullMarked
package dev.crossfade.testkit.unleash;

import org.jspecify.annotations.NullMarked;
