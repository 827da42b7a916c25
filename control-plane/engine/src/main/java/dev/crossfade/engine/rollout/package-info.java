/**
 * Rollouts: plans as files have them, what their guards make of signals, and which step follows
 * which.
 *
 * <p>Pure: no clock, no I/O, no randomness; any thread. Knows stages and shares, not the catalog,
 * which reads plans through this package.
 */
@NullMarked
package dev.crossfade.engine.rollout;

import org.jspecify.annotations.NullMarked;
