/**
 * Programs of this build run as processes of their own, for tests that kill them or measure their
 * memory. Any thread may use them; calls block.
 */
@NullMarked
package dev.crossfade.testkit.process;

import org.jspecify.annotations.NullMarked;
