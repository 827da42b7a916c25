package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Executed.Answered;
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

  Session(World world, History history, Grammar.Source source) {
    this.world = world;
    this.history = history;
    this.source = source;
  }

  /** Runs all of its transactions; gives the number of statements. */
  @Override
  public Integer call() throws IOException {
    int statements = 0;
    try (Link link = world.target()) {
      Translated translated = new Translated(world.analyzer(), link);
      link.must(Lockstep.NEXT_NUMBERS);
      for (Work work = source.next(); work != null; work = source.next()) {
        int attempt = 1;
        while (!run(work, link, translated, attempt)) {
          attempt++;
        }
        statements += work.statements().size();
      }
    }
    return statements;
  }

  /** False when it has to be tried once more. */
  private boolean run(Work work, Link link, Translated translated, int attempt)
      throws IOException {
    List<Step> steps = new ArrayList<>();
    link.must("BEGIN");
    for (Draft draft : work.statements()) {
      long[] numbers = link.numbers(Lockstep.NEW_NUMBERS);
      Executed executed = translated.run(draft.sql(), draft.copied());
      if (executed instanceof Answered(Outcome.Failed failed, String ignored, long nanos)) {
        if (isToBeRepeated(draft, failed, attempt)) {
          link.must("ROLLBACK");
          history.retried();
          return false;
        }
        steps.add(new Step(draft, executed, numbers));
        history.end(link, new Transaction(source.shard(), steps, false));
        return true;
      }
      steps.add(new Step(draft, executed, numbers));
    }
    history.end(link, new Transaction(source.shard(), steps, work.commits()));
    return true;
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
