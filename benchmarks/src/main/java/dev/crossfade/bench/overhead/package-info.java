/**
 * {@code crossfade bench overhead}: what a hop costs, against no hop and against other people's
 * proxies. One thread directs it; each connection of the generator has one of its own.
 */
@NullMarked
package dev.crossfade.bench.overhead;

import org.jspecify.annotations.NullMarked;
