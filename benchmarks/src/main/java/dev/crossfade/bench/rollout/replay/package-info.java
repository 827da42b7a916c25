/**
 * Replays a workload against one way at a time: open loop, with each transaction due at a time that
 * does not depend on how the ones before it went. A latency counts from when its transaction was
 * due, so a stall is felt by all that it kept waiting (no coordinated omission). A turn has threads
 * of its own, one for each session.
 */
@NullMarked
package dev.crossfade.bench.rollout.replay;

import org.jspecify.annotations.NullMarked;
