package dev.crossfade.bench.consistency;

import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.FlipException;
import java.util.Locale;
import java.util.Optional;

/** Who moves the authority. */
interface Moving {
  /**
   * Tries it once.
   *
   * @param waits is told of what it has come to
   * @return for how many microseconds nobody could write; empty when it was undone or refused
   * @throws FlipException when somebody has to look at it
   */
  Optional<Long> move(Side target, Waits waits) throws FlipException;

  /** Moves it itself, and tells nobody. */
  static Moving alone(Sides sides) {
    return (target, waits) -> {
      try {
        return Optional.of(
            sides
                    .flip(target, step -> waits.reached(step.name().toLowerCase(Locale.ROOT)))
                    .pause()
                    .toNanos()
                / 1_000);
      } catch (FlipException e) {
        boolean harmless =
            e.kind() == FlipException.Kind.UNDONE || e.kind() == FlipException.Kind.REFUSED;
        if (!harmless) {
          throw e;
        }
        System.out.println(e.getMessage());
        return Optional.empty();
      }
    };
  }

  /** Has a control plane move it, which tells the sidecars. */
  static Moving by(Operator operator) {
    return (target, waits) -> {
      waits.reached("asked");
      Optional<Long> pause = operator.move(target);
      waits.reached("answered");
      return pause;
    };
  }
}
