package dev.crossfade.bench.rollout.workload;

/**
 * A statement of a workload.
 *
 * @param fingerprint its text without literals
 * @param weight how often it is executed, in proportion to the others
 */
public record Statement(String fingerprint, double weight) {}
