package dev.crossfade.inspect.law;

import dev.crossfade.inspect.database.QueryException;
import java.util.List;

/**
 * Runs a query over a range of entities, and where one of them makes it fail, finds out which: the
 * range is halved until a single entity is left. The others are all looked at.
 */
final class Isolation {
  private static final int MOST_KEYS = 100_000;

  private final ChunkWalk walk;
  private final int mostFailures;
  private int failures;

  /** A query over a range. What it finds counts only when it does not throw. */
  @FunctionalInterface
  interface Query {
    void on(KeyRange range) throws QueryException;
  }

  /** Is told what could not be looked at. */
  interface Listener {
    /** One entity makes the query fail. */
    void refused(List<String> key, KeyRange range, QueryException why) throws QueryException;

    /** Some entities were not looked at. */
    void skipped(KeyRange range, QueryException why);
  }

  /**
   * @param mostFailures how many entities are searched for; a range that fails after that is
   *     skipped as a whole
   */
  Isolation(ChunkWalk walk, int mostFailures) {
    this.walk = walk;
    this.mostFailures = mostFailures;
  }

  /**
   * @throws QueryException when no entity is to blame
   */
  void run(Query query, KeyRange range, Listener listener) throws QueryException {
    try {
      query.on(range);
    } catch (QueryException e) {
      requireDivisible(e);
      divide(query, range, walk.keys(range, MOST_KEYS), new Failure(listener, e));
    }
  }

  private record Failure(Listener listener, QueryException why) {}

  /**
   * @param keys those in the range, in order
   */
  private void divide(Query query, KeyRange range, List<List<String>> keys, Failure failure)
      throws QueryException {
    if (failures >= mostFailures || keys.isEmpty()) {
      failure.listener().skipped(range, failure.why());
      return;
    }
    if (keys.size() == 1) {
      failures++;
      if (failure.why().isTimeout()) {
        failure.listener().skipped(range, failure.why());
      } else {
        failure.listener().refused(keys.getFirst(), range, failure.why());
      }
      return;
    }
    int half = keys.size() / 2;
    List<String> middle = keys.get(half - 1);
    attempt(query, new KeyRange(range.after(), middle), keys.subList(0, half), failure.listener());
    attempt(
        query,
        new KeyRange(middle, range.upTo()),
        keys.subList(half, keys.size()),
        failure.listener());
  }

  private void attempt(Query query, KeyRange range, List<List<String>> keys, Listener listener)
      throws QueryException {
    try {
      query.on(range);
    } catch (QueryException e) {
      requireDivisible(e);
      divide(query, range, keys, new Failure(listener, e));
    }
  }

  private static void requireDivisible(QueryException e) throws QueryException {
    if (!e.isOfData() && !e.isTimeout()) {
      throw e;
    }
  }
}
