/**
 * The benchmark before a rollout: replays a workload against old, against new through the lens, and
 * in between, and says whether reads may go to new. {@code RolloutRun} measures, {@code
 * VerdictMaker} judges what was measured, {@code RolloutReport} shows it. What is judged and shown
 * is one value, {@link dev.crossfade.api.v1.BenchmarkVerdict}, which the control plane keeps as
 * evidence.
 */
@NullMarked
package dev.crossfade.bench.rollout;

import org.jspecify.annotations.NullMarked;
