package dev.crossfade.server.signal;

import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.engine.signal.MirrorGauge;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which sidecars have reported of a migration, when, and what they said of its mirror. Not
 * thread-safe.
 */
final class Heard {
  /** A sidecar reports every second. */
  static final Duration LATE = Duration.ofSeconds(5);

  static final Duration FORGOTTEN = Duration.ofMinutes(5);
  private static final int SIDECARS_MAX = 10_000;

  private final Map<String, Said> sidecars = new HashMap<>();

  private record Said(long nanos, Optional<MirrorSignals> mirror) {}

  void reported(String sidecar, long nanos, Optional<MirrorSignals> mirror) {
    if (sidecars.size() < SIDECARS_MAX || sidecars.containsKey(sidecar)) {
      sidecars.put(sidecar, new Said(nanos, mirror));
    }
  }

  void forget(long nowNanos) {
    sidecars.values().removeIf(said -> nowNanos - said.nanos() > FORGOTTEN.toNanos());
  }

  int reporting(long nowNanos) {
    return (int)
        sidecars.values().stream()
            .filter(said -> nowNanos - said.nanos() <= LATE.toNanos())
            .count();
  }

  int silent(long nowNanos) {
    return (int)
        sidecars.values().stream()
            .filter(said -> nowNanos - said.nanos() > LATE.toNanos())
            .filter(said -> nowNanos - said.nanos() <= FORGOTTEN.toNanos())
            .count();
  }

  /** All look into the same log: who sees most of it is right. */
  MirrorGauge mirror(long nowNanos) {
    long pending = -1;
    long lagMillis = -1;
    long dead = -1;
    for (Said said : sidecars.values()) {
      if (nowNanos - said.nanos() <= LATE.toNanos() && said.mirror().isPresent()) {
        MirrorSignals gauge = said.mirror().get();
        pending = Math.max(pending, gauge.getPending());
        dead = Math.max(dead, gauge.getDeadLetters());
        if (gauge.hasLag()) {
          long seconds = Math.clamp(gauge.getLag().getSeconds(), 0, Integer.MAX_VALUE);
          lagMillis = Math.max(lagMillis, seconds * 1_000 + gauge.getLag().getNanos() / 1_000_000);
        }
      }
    }
    return gauge(pending, lagMillis, dead);
  }

  static MirrorGauge gauge(long pending, long lagMillis, long dead) {
    return new MirrorGauge(
        known(pending),
        lagMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(lagMillis)),
        known(dead));
  }

  private static OptionalLong known(long figure) {
    return figure < 0 ? OptionalLong.empty() : OptionalLong.of(figure);
  }

  static MirrorGauge worse(MirrorGauge one, MirrorGauge other) {
    return gauge(
        Math.max(one.pending().orElse(-1), other.pending().orElse(-1)),
        Math.max(millis(one), millis(other)),
        Math.max(one.deadLetters().orElse(-1), other.deadLetters().orElse(-1)));
  }

  static long millis(MirrorGauge gauge) {
    return gauge.lag().map(Duration::toMillis).orElse(-1L);
  }
}
