package dev.crossfade.bench.consistency;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What clients wait for around one move of the authority after the other. */
final class Waits {
  private final List<Phase> phases = new ArrayList<>();
  private @Nullable Wait longest;

  /** Something that the move has come to, at a time of {@link System#nanoTime()}. */
  private record Phase(String name, long at) {}

  /**
   * One statement of its own, or one transaction.
   *
   * @param client whose
   * @param began a time of {@link System#nanoTime()}
   */
  record Wait(int client, boolean alone, long began, long ended) {
    long micros() {
      return TimeUnit.NANOSECONDS.toMicros(ended - began);
    }
  }

  /**
   * The longest around a move.
   *
   * @param micros how long it was
   * @param account who it was, and what the move had come to when it began and when it ended
   */
  record Longest(long micros, String account) {}

  synchronized void took(Wait wait) {
    Wait before = longest;
    if (before == null || before.micros() < wait.micros()) {
      longest = wait;
    }
  }

  /** The move has come to this now. */
  synchronized void reached(String phase) {
    phases.add(new Phase(phase, System.nanoTime()));
  }

  /** Forgets all until now: a move is to begin. */
  synchronized void begin() {
    longest = null;
    phases.clear();
    phases.add(new Phase("begun", System.nanoTime()));
  }

  /** Of all that has ended since the beginning. */
  synchronized Longest take() {
    Wait wait = longest;
    if (wait == null) {
      return new Longest(0, "nobody");
    }
    return new Longest(
        wait.micros(),
        String.format(
            Locale.ROOT,
            "%.0f ms: client %d, %s, from %s to %s",
            wait.micros() / 1e3,
            wait.client(),
            wait.alone() ? "a statement" : "a transaction",
            place(wait.began()),
            place(wait.ended())));
  }

  private String place(long at) {
    Phase last = phases.getFirst();
    for (Phase phase : phases) {
      if (phase.at() - at <= 0) {
        last = phase;
      }
    }
    return String.format(Locale.ROOT, "%s%+.0f ms", last.name(), (at - last.at()) / 1e6);
  }
}
