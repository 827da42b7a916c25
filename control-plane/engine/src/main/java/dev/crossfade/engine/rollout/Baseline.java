package dev.crossfade.engine.rollout;

import dev.crossfade.engine.signal.Totals;
import java.time.Duration;
import java.time.Instant;

/**
 * Where the counting of a step begins. What came since then is judged as a whole, and besides that
 * what came in the window that is open now: after hours without a fault a new one would be a small
 * share of all.
 *
 * @param step what had been counted when the step began
 * @param window what had been counted when the window began
 * @param number of the window, from 1
 */
public record Baseline(Totals step, Totals window, long number, Instant windowBegan) {
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Of a step that begins. */
  public static Baseline at(Totals totals, Instant now) {
    return new Baseline(totals, totals, 1, now);
  }

  /**
   * As it is to be from now on: with the next window when this one is over, and from the beginning
   * when the totals were begun anew.
   */
  public Baseline movedOn(Totals totals, Instant now) {
    if (hasFallen(step, totals) || hasFallen(window, totals)) {
      return at(totals, now);
    }
    return now.isBefore(windowBegan.plus(WINDOW))
        ? this
        : new Baseline(step, totals, number + 1, now);
  }

  private static boolean hasFallen(Totals before, Totals now) {
    return now.onOld().count() < before.onOld().count()
        || now.onNew().count() < before.onNew().count()
        || now.onOld().errorCount() < before.onOld().errorCount()
        || now.onNew().errorCount() < before.onNew().errorCount()
        || now.decided() < before.decided()
        || now.mismatches() < before.mismatches()
        || now.unconfirmed() < before.unconfirmed()
        || now.comparedOnOld().count() < before.comparedOnOld().count()
        || now.comparedOnNew().count() < before.comparedOnNew().count();
  }
}
