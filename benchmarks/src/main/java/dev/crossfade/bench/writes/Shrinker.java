package dev.crossfade.bench.writes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Leaves out of a failing sequence of statements what its failure does not need. */
final class Shrinker {
  private final Predicate<List<Draft>> fails;
  private int attempts;

  /**
   * @param fails whether a sequence still fails in the same way
   * @param attempts after so many it is small enough
   */
  Shrinker(Predicate<List<Draft>> fails, int attempts) {
    this.fails = fails;
    this.attempts = attempts;
  }

  /**
   * A shorter sequence that fails, the last statement kept; the same when there is none. Large
   * parts are left out first.
   */
  List<Draft> shrink(List<Draft> failing) {
    List<Draft> smallest = failing;
    for (int size = Math.max(1, (failing.size() - 1) / 2); size > 0; size /= 2) {
      int from = 0;
      while (from < smallest.size() - 1) {
        if (attempts-- <= 0) {
          return smallest;
        }
        List<Draft> candidate = new ArrayList<>(smallest);
        candidate.subList(from, Math.min(from + size, smallest.size() - 1)).clear();
        if (fails.test(candidate)) {
          smallest = candidate;
        } else {
          from += size;
        }
      }
    }
    return smallest;
  }
}
