package dev.crossfade.bench.writes;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What is left to chance, the same for the same seed. */
final class Dice {
  private static final int PERCENT = 100;

  private final SplittableRandom random;

  Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** From 0 to before the limit. */
  int below(int limit) {
    return random.nextInt(limit);
  }

  /** From the first to the last, both included. */
  int between(int first, int last) {
    return random.nextInt(first, last + 1);
  }

  boolean chance(int percent) {
    return random.nextInt(PERCENT) < percent;
  }

  @SafeVarargs
  final <T> T one(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** So many of them or fewer, in their order. */
  <T> List<T> some(List<T> choices, int most) {
    List<T> some = new ArrayList<>(choices);
    while (some.size() > most) {
      some.remove(random.nextInt(some.size()));
    }
    return some;
  }
}
