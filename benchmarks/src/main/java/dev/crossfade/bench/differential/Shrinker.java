package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Node.Choice;
import dev.crossfade.bench.differential.Node.Extra;
import dev.crossfade.bench.differential.Node.Items;
import dev.crossfade.bench.differential.Node.Parameter;
import dev.crossfade.bench.differential.Node.Parts;
import dev.crossfade.bench.differential.Node.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Leaves out of a failing statement what its failure does not need. */
final class Shrinker {
  private final Predicate<Node> fails;
  private int attempts;

  /**
   * @param fails whether a statement still fails in the same way
   * @param attempts after so many it is small enough
   */
  Shrinker(Predicate<Node> fails, int attempts) {
    this.fails = fails;
    this.attempts = attempts;
  }

  /** A smaller statement that fails; the same when there is none. */
  Node shrink(Node failing) {
    Node smallest = failing;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (Node candidate : smallerThan(smallest)) {
        if (attempts-- <= 0) {
          return smallest;
        }
        if (fails.test(candidate)) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  /** Every statement with one thing less, the large things first. */
  static List<Node> smallerThan(Node node) {
    List<Node> candidates = new ArrayList<>();
    switch (node) {
      case Words _ -> {}
      case Parameter _ -> {}
      case Parts(List<Node> parts) ->
          replaceEach(parts, candidates, replaced -> new Parts(replaced));
      case Extra(Node body) -> {
        candidates.add(Node.nothing());
        smallerThan(body).forEach(smaller -> candidates.add(new Extra(smaller)));
      }
      case Items(String separator, List<Node> items, int least) -> {
        for (int i = 0; i < items.size() && items.size() > least; i++) {
          List<Node> fewer = new ArrayList<>(items);
          fewer.remove(i);
          candidates.add(new Items(separator, fewer, least));
        }
        replaceEach(items, candidates, replaced -> new Items(separator, replaced, least));
      }
      case Choice(Node chosen, List<Node> simpler) -> {
        candidates.addAll(simpler);
        smallerThan(chosen).forEach(smaller -> candidates.add(new Choice(smaller, simpler)));
      }
    }
    return candidates;
  }

  private interface Rebuild {
    Node of(List<Node> parts);
  }

  private static void replaceEach(List<Node> parts, List<Node> candidates, Rebuild rebuild) {
    for (int i = 0; i < parts.size(); i++) {
      for (Node smaller : smallerThan(parts.get(i))) {
        List<Node> replaced = new ArrayList<>(parts);
        replaced.set(i, smaller);
        candidates.add(rebuild.of(replaced));
      }
    }
  }
}
