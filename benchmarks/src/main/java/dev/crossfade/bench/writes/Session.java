package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Executed.Answered;
import dev.crossfade.bench.writes.History.End;
import dev.crossfade.bench.writes.History.Transaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A client that speaks the old shape, while the data is on new. */
final class Session implements Callable<Integer> {
  private static final int MOST_ATTEMPTS = 20;

  /** A value of another row may also be taken for good. */
  private static final int MOST_ATTEMPTS_OF_UNIQUE = 3;

  private final World world;
  private final History history;
  private final Grammar.Source source;
  private final int statements;

  /**
   * @param statements that it runs; what comes in a transaction behind a failure does not count
   */
  Session(World world, History history, Grammar.Source source, int statements) {
    this.world = world;
    this.history = history;
    this.source = source;
    this.statements = statements;
  }

  /** Gives the number of its transactions. */
  @Override
  public Integer call() throws IOException {
    int transactions = 0;
    try (Link link = world.target()) {
      Translated translated = new Translated(world.analyzer(), link);
      link.must(Lockstep.NEXT_NUMBERS);
      for (int done = 0; done < statements; transactions++) {
        Work work = source.next(statements - done);
        int steps = run(work, link, translated, 1);
        for (int attempt = 2; steps == 0; attempt++) {
          steps = run(work, link, translated, attempt);
        }
        done += steps;
      }
    }
    return transactions;
  }

  /** The number of its statements that ran; 0 when it has to be tried once more. */
  private int run(Work work, Link link, Translated translated, int attempt) throws IOException {
    List<Step> steps = new ArrayList<>();
    link.must("BEGIN");
    for (Draft draft : work.statements()) {
      long[] numbers = link.numbers(Lockstep.NEW_NUMBERS);
      Executed executed = translated.run(draft.sql(), draft.copied());
      if (executed instanceof Answered(Outcome.Failed failed, String ignored, long nanos)) {
        if (isToBeRepeated(draft, failed, attempt)) {
          link.must("ROLLBACK");
          history.retried();
          return 0;
        }
        steps.add(new Step(draft, executed, numbers));
        history.end(link, new Transaction(source.shard(), steps, End.BROKEN));
        return steps.size();
      }
      steps.add(new Step(draft, executed, numbers));
    }
    End end = work.commits() ? End.COMMITTED : End.ROLLED_BACK;
    history.end(link, new Transaction(source.shard(), steps, end));
    return steps.size();
  }

  private static boolean isToBeRepeated(Draft draft, Outcome.Failed failed, int attempt)
      throws IOException {
    if (failed.asksForRetry()) {
      if (attempt == MOST_ATTEMPTS) {
        throw new IOException("does not get through: " + draft.sql());
      }
      return true;
    }
    return draft.repeats()
        && failed.sqlState().equals("23505")
        && attempt < MOST_ATTEMPTS_OF_UNIQUE;
  }
}
