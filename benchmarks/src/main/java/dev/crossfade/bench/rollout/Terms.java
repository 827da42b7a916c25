package dev.crossfade.bench.rollout;

/**
 * What makes a verdict a no.
 *
 * @param ratio a statement is slower when its median on new is more than so many times that on old
 * @param micros and when it is at least so much longer
 * @param significance how probable such a difference may be at most if there was none
 * @param headroom how many times the rate new must keep
 * @param p99Millis a rate is kept when 99 of 100 transactions end within this
 * @param coverage what share of the workload must have been replayed
 */
record Terms(
    double ratio,
    double micros,
    double significance,
    double headroom,
    double p99Millis,
    double coverage) {
  static final Terms USUAL = new Terms(1.5, 500, 0.001, 1.5, 250, 0.9);

  /** A rate is not kept when more than this share of it fails. */
  static final double ERRORS_MAX = 0.001;
}
