/**
 * Frames of the protocol, written at next to no cost: for load generators that have to be lighter
 * than what they measure. One thread per object.
 */
@NullMarked
package dev.crossfade.bench.wire;

import org.jspecify.annotations.NullMarked;
