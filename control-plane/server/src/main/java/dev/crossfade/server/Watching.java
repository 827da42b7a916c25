package dev.crossfade.server;

import dev.crossfade.engine.signal.SignalSource;
import dev.crossfade.server.move.MoveSteps;
import dev.crossfade.server.rollout.RolloutSteps;
import org.jspecify.annotations.Nullable;

/**
 * Who is told what a control plane does, and what it takes for signals.
 *
 * @param moves is told of each step of each move; writers may wait for it
 * @param rollouts is told of each decision of each rollout
 * @param signals what rollouts are judged by; null: what the sidecars report
 */
public record Watching(MoveSteps moves, RolloutSteps rollouts, @Nullable SignalSource signals) {
  /** Nobody is told. */
  public static final Watching NOBODY = new Watching(step -> {}, RolloutSteps.SILENT, null);

  /** Somebody is told of moves. */
  public static Watching of(MoveSteps moves) {
    return new Watching(moves, RolloutSteps.SILENT, null);
  }

  SignalSource signalsOr(SignalSource reported) {
    return signals == null ? reported : signals;
  }
}
