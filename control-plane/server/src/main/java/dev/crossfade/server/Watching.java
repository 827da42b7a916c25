package dev.crossfade.server;

import dev.crossfade.engine.signal.Reading;
import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.move.MoveSteps;
import dev.crossfade.server.rollout.RolloutSteps;
import java.util.function.Consumer;

/**
 * Who is told what a control plane does, and what it takes for signals.
 *
 * @param moves is told of each step of each move; writers may wait for it
 * @param rollouts is told of each decision of each rollout
 * @param signals what rollouts are judged by
 */
public record Watching(MoveSteps moves, RolloutSteps rollouts, SignalSource signals) {
  /** Nobody reports, so guards that need signals never pass. */
  static final SignalSource NO_SIGNALS =
      new SignalSource() {
        @Override
        public Reading read(String migration) {
          return Reading.NONE;
        }

        @Override
        public AutoCloseable subscribe(Consumer<String> changed) {
          return () -> {};
        }
      };

  /** Nobody is told. */
  public static final Watching NOBODY = new Watching(step -> {}, RolloutSteps.SILENT, NO_SIGNALS);

  /** Somebody is told of moves. */
  public static Watching of(MoveSteps moves) {
    return new Watching(moves, RolloutSteps.SILENT, NO_SIGNALS);
  }
}
