/**
 * What a benchmark before a rollout replays: transactions made from the query inventory, from a
 * pgbench script, or as they were recorded. A workload gives the same transaction for the same
 * number, so that each way that is measured plays the same. Everything but the sampling of values
 * is plain values; used by any thread.
 */
@NullMarked
package dev.crossfade.bench.rollout.workload;

import org.jspecify.annotations.NullMarked;
