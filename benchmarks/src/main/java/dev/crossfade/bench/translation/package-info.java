/**
 * {@code crossfade bench translation}: what translating one statement costs the processor, measured
 * by JMH in a JVM of its own.
 */
@NullMarked
package dev.crossfade.bench.translation;

import org.jspecify.annotations.NullMarked;
