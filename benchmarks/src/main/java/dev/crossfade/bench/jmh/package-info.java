/**
 * {@code crossfade bench jmh}: what the steps of the hot path cost the processor, one by one,
 * measured by JMH in a JVM of its own. {@code bench translation} measures translation.
 */
@NullMarked
package dev.crossfade.bench.jmh;

import org.jspecify.annotations.NullMarked;
