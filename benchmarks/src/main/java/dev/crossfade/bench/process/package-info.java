/**
 * What the demo and the benchmarks need of the operating system: files that vanish with their
 * process, other people's proxies as children, and figures from {@code /proc}. Linux only. Any
 * thread; calls block.
 */
@NullMarked
package dev.crossfade.bench.process;

import org.jspecify.annotations.NullMarked;
