/** {@code crossfade bench}: the entry point of the benchmarks. */
@NullMarked
package dev.crossfade.bench;

import org.jspecify.annotations.NullMarked;
