/** What benchmarks have measured so far: where they leave their results, and how those moved. */
@NullMarked
package dev.crossfade.bench.history;

import org.jspecify.annotations.NullMarked;
