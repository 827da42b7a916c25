package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Vitals.Vital;
import java.util.List;

/**
 * What clients left behind.
 *
 * @param before they came
 * @param after the last one had gone
 */
record Remains(Vitals before, Vitals after) {
  /** What has to be as it was. A JVM opens its jars when it first needs them: not all files. */
  static final List<Vital> COUNTED =
      List.of(
          Vital.SESSIONS,
          Vital.STATEMENT_KIB,
          Vital.SOCKETS,
          Vital.OLD_BACKENDS,
          Vital.NEW_BACKENDS);

  boolean isNothing() {
    return COUNTED.stream().allMatch(this::isBack);
  }

  /** Whether there is no more of it than before. */
  boolean isBack(Vital vital) {
    return after.value(vital) <= before.value(vital);
  }
}
