package dev.crossfade.bench.writes;

import dev.crossfade.bench.writes.Executed.Answered;
import dev.crossfade.bench.writes.History.Transaction;
import java.io.IOException;

/** The originals on old, one transaction after the other in the order of their ends. */
final class Replay {
  private final Link old;
  private final Tally tally;

  Replay(Link old, Tally tally) {
    this.old = old;
    this.tally = tally;
  }

  void run(History history) throws IOException {
    for (Transaction transaction : history.transactions()) {
      run(transaction);
    }
  }

  private void run(Transaction transaction) throws IOException {
    boolean alive = true;
    old.must("BEGIN");
    for (Step step : transaction.steps()) {
      switch (step.executed()) {
        case Executed.Refused refused -> tally.refused(step.draft(), refused);
        case Answered answered -> {
          if (alive && transaction.hasPlace(step)) {
            alive = ask(transaction, step, answered);
          } else {
            tally.unplaced(step.draft(), answered);
          }
        }
      }
    }
    old.must(transaction.committed() && alive ? "COMMIT" : "ROLLBACK");
  }

  /** False when the transaction is broken. */
  private boolean ask(Transaction transaction, Step step, Answered answered) throws IOException {
    long[] numbers = step.numbers();
    old.must(Lockstep.OLD_NUMBERS.formatted(numbers[0], numbers[1], numbers[2]));
    long start = System.nanoTime();
    Outcome expected = old.ask(step.draft());
    long nanos = System.nanoTime() - start;
    String difference = Lockstep.difference(expected, answered.outcome());
    if (difference == null) {
      tally.equal(step.draft(), answered, nanos);
    } else {
      tally.wrong(new Tally.Wrong(transaction.shard(), step.draft(), answered.sql(), difference));
    }
    return expected instanceof Outcome.Done;
  }
}
