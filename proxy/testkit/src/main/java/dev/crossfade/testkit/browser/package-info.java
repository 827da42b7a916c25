/** A real browser without a screen, for tests of what people click. Blocks; one thread each. */
@NullMarked
package dev.crossfade.testkit.browser;

import org.jspecify.annotations.NullMarked;
