package dev.crossfade.server.flags;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How often a flag may change a migration. Of one thread. */
final class ChangeLimit {
  private static final int CHANGES_MAX = 30;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Map<String, Deque<Instant>> changes = new HashMap<>();

  ChangeLimit(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether there may be another change of a migration now; counts it if so. */
  boolean admits(String migration) {
    Instant now = clock.instant();
    Deque<Instant> recent = changes.computeIfAbsent(migration, name -> new ArrayDeque<>());
    while (!recent.isEmpty() && recent.getFirst().isBefore(now.minus(WITHIN))) {
      recent.removeFirst();
    }
    if (recent.size() >= CHANGES_MAX) {
      return false;
    }
    recent.addLast(now);
    return true;
  }

  static String told() {
    return "the flag changes more than "
        + CHANGES_MAX
        + " times in "
        + WITHIN.toSeconds()
        + " s: what it says now is taken later";
  }
}
