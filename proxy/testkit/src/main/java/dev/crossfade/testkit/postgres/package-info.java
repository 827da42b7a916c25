/**
 * Real PostgreSQL servers for tests and benchmarks, started from binaries on the class path. Any
 * thread may use them; calls block.
 */
@NullMarked
package dev.crossfade.testkit.postgres;

import org.jspecify.annotations.NullMarked;
