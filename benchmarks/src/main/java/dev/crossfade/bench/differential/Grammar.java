package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.DataSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random statements: its parts know each other through this. A statement depends on the seed and
 * its number only.
 */
final class Grammar {
  private static final int DEPTH = 3;
  private static final long STATEMENT_STREAM = 0xD1B54A32D192ED03L;

  private final Draft draft;

  /**
   * A statement, and what it contains.
   *
   * @param tree that can be made smaller
   * @param ordered whether its rows come in one possible order only
   * @param binary whether its result is asked for in binary format
   * @param noise of its blanks, comments and letter case; 0 is none
   */
  record Written(
      Node tree, boolean ordered, boolean binary, Set<Construct> constructs, long noise) {
    Node.Statement statement() {
      return Noise.on(tree.statement(), noise);
    }

    Written with(Node smaller, long otherNoise) {
      return new Written(smaller, ordered, binary, constructs, otherNoise);
    }
  }

  Grammar(Draft draft) {
    this.draft = draft;
  }

  /**
   * @param attempt counted for each number, because old refuses some
   */
  static Written statement(long seed, int number, int attempt, DataSet data) {
    SplittableRandom random =
        new SplittableRandom((seed + 1) * STATEMENT_STREAM + number * 1_000L + attempt);
    while (true) {
      Draft draft = new Draft(random.split(), data);
      Query query = new Grammar(draft).whole();
      if (draft.readsMappedTables()) {
        long noise = draft.chance(25, Construct.NOISE) ? random.nextLong() | 1 : 0;
        return new Written(
            query.node(), query.ordered(), draft.chance(30), draft.constructs(), noise);
      }
    }
  }

  private Query whole() {
    return draft.chance(9) ? new Specials(this).query() : queries().query(Wish.anything(DEPTH));
  }

  Draft draft() {
    return draft;
  }

  Literals literals() {
    return new Literals(draft);
  }

  Values values() {
    return new Values(this);
  }

  Predicates predicates() {
    return new Predicates(this);
  }

  Relations relations() {
    return new Relations(this);
  }

  Queries queries() {
    return new Queries(this);
  }
}
