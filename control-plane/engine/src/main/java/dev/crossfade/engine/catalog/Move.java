package dev.crossfade.engine.catalog;

import java.time.Duration;

/**
 * A way to another stage that is not taken at once: it is written down first, then done on the
 * databases, and then the stage is set. Whoever finds it unfinished goes on with it.
 *
 * @param id the catalog's version that its beginning made
 * @param note who asked for it, and why
 * @param maxPause how long writers may wait
 */
public record Move(
    long id, Transition transition, ChangeNote note, Duration maxPause, Progress progress) {
  /** How long writers may wait unless somebody says otherwise. */
  public static final Duration USUAL_PAUSE = Duration.ofSeconds(1);

  /**
   * How far it has come.
   *
   * @param waits why it does not get on; empty when it does
   */
  public record Progress(MoveStep step, String waits) {
    static final Progress START = new Progress(MoveStep.BEGUN, "");
  }

  /** Whether it can still be given up. */
  public boolean isOpenToChange() {
    return !progress.step().isDecided();
  }
}
