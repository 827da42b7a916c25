package dev.crossfade.engine.signal;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the mirror of a migration stands, as the sidecars say.
 *
 * @param pending logged changes that have not arrived
 * @param lag the age of the oldest of them
 * @param deadLetters changes that were given up
 */
public record MirrorGauge(OptionalLong pending, Optional<Duration> lag, OptionalLong deadLetters) {
  /** Nobody says anything. */
  public static final MirrorGauge UNKNOWN =
      new MirrorGauge(OptionalLong.empty(), Optional.empty(), OptionalLong.empty());
}
