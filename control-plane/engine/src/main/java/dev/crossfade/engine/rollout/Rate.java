package dev.crossfade.engine.rollout;

/**
 * How often something happened, and what can be said of how often it happens, at any time and as
 * often as one likes.
 *
 * <p>Evidence against "it happens at most so often" is a mixture of likelihood ratios against that
 * bound. With {@code o} the bound's odds and {@code m} a multiple of them:
 *
 * <pre>
 *   e = sum over m of  weight(m) * m^hits * ((1 + o) / (1 + m o))^trials
 * </pre>
 *
 * <p>As long as the true rate is at most the bound, each summand is a supermartingale that begins
 * with its weight, and the weights come to 1: so the chance that {@code e} ever, at whatever number
 * of trials, reaches {@code 1 / alpha} is at most {@code alpha} (Ville's inequality). That is why
 * one may look after every single trial. Multiples below 1 give the evidence against "at least so
 * often". Both grow or fall in one direction with the bound, so the bounds that the evidence does
 * not speak against are an interval, which holds the true rate at all times with a chance of {@code
 * 1 - 2 alpha}.
 *
 * @param hits at most {@code trials}
 */
public record Rate(long trials, long hits) {
  /** What is looked out for: most of all for ten times the bound. */
  private static final double[] ABOVE = {1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 200, 1_000};

  private static final double[] ABOVE_WEIGHTS = {
    .02, .03, .03, .05, .08, .16, .43, .10, .05, .03, .02
  };
  private static final double[] BELOW = {0, .05, .1, .2, .33, .5, .67, .8, .9};
  private static final double[] BELOW_WEIGHTS = {.3, .1, .15, .15, .1, .1, .05, .03, .02};
  private static final int HALVINGS = 60;

  public Rate {
    if (hits < 0 || hits > trials) {
      throw new IllegalArgumentException(hits + " of " + trials);
    }
  }

  /** What was seen; 0 of nothing. */
  public double seen() {
    return trials == 0 ? 0 : (double) hits / trials;
  }

  /**
   * Whether it happens more often than {@code bound}.
   *
   * @param alpha the chance of ever saying so although it is not true
   */
  public boolean isAbove(double bound, double alpha) {
    return logEvidence(bound, ABOVE, ABOVE_WEIGHTS) >= -Math.log(alpha);
  }

  /**
   * Whether it happens more rarely than {@code bound}.
   *
   * @param alpha the chance of ever saying so although it is not true
   */
  public boolean isBelow(double bound, double alpha) {
    return logEvidence(bound, BELOW, BELOW_WEIGHTS) >= -Math.log(alpha);
  }

  /** What it is not below, but with a chance of {@code alpha}, at any time. */
  public double lower(double alpha) {
    if (hits == 0) {
      return 0;
    }
    double refused = 0;
    double open = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (refused + open) / 2;
      if (isAbove(middle, alpha)) {
        refused = middle;
      } else {
        open = middle;
      }
    }
    return refused;
  }

  /** What it is not above, but with a chance of {@code alpha}, at any time. */
  public double upper(double alpha) {
    double open = 0;
    double refused = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (open + refused) / 2;
      if (isBelow(middle, alpha)) {
        refused = middle;
      } else {
        open = middle;
      }
    }
    return refused;
  }

  private double logEvidence(double bound, double[] multiples, double[] weights) {
    if (bound <= 0 || bound >= 1) {
      return Double.NEGATIVE_INFINITY;
    }
    double odds = bound / (1 - bound);
    double[] logs = new double[multiples.length];
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < multiples.length; i++) {
      double multiple = multiples[i];
      double ofHits = hits == 0 ? 0 : hits * Math.log(multiple);
      double ofTrials = trials * (Math.log1p(odds) - Math.log1p(multiple * odds));
      logs[i] = Math.log(weights[i]) + ofHits + ofTrials;
      greatest = Math.max(greatest, logs[i]);
    }
    if (greatest == Double.NEGATIVE_INFINITY) {
      return greatest;
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - greatest);
    }
    return greatest + Math.log(sum);
  }
}
