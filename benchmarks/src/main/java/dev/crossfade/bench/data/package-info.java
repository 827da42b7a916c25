/**
 * The data set of the demo and the benchmarks: produced from a seed, loaded into old, carried to
 * new through the lens, and checked there. Whoever sets the databases up calls it, on any thread;
 * calls block.
 */
@NullMarked
package dev.crossfade.bench.data;

import org.jspecify.annotations.NullMarked;
