package dev.crossfade.engine.catalog;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
   * @param then what begins once it has ended, whatever it came to; null for nothing
   */
  public record Progress(MoveStep step, String waits, Command.@Nullable Rollback then) {
    static final Progress START = new Progress(MoveStep.BEGUN, "");

    /** One that nothing follows. */
    public Progress(MoveStep step, String waits) {
      this(step, waits, null);
    }
  }

  Move before(Command.Rollback then) {
    return new Move(
        id, transition, note, maxPause, new Progress(progress.step(), progress.waits(), then));
  }

  /** Whether it can still be given up. */
  public boolean isOpenToChange() {
    return !progress.step().isDecided();
  }
}
