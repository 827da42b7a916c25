package dev.crossfade.bench.demo;

import dev.crossfade.bench.load.Tally;
import java.util.OptionalDouble;

/**
 * What a step showed.
 *
 * @param percent asked for
 * @param counts of the clients during the step
 * @param onNew times of answers by new, in the sidecar's view, from a batch's last byte to the end
 *     of its answer
 * @param onOld the same of old, of reads that could have gone to new
 */
record Measurement(
    int percent, double seconds, Split split, Tally.Counts counts, Latency onNew, Latency onOld) {
  /** In seconds; empty where too little was answered. */
  record Latency(OptionalDouble median, OptionalDouble p99) {
    static final Latency UNKNOWN = new Latency(OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** How far the measured share is from the one asked for, in percent. */
  double pointsOff() {
    return Math.abs(split.newPercent() - percent);
  }

  /** Whether the share is what was asked for, as far as that many reads can tell. */
  boolean shareHolds() {
    return split.routable() < Schedule.LEAST_READS || pointsOff() <= Schedule.TOLERANCE_POINTS;
  }
}
