package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.differential.Grammar.Written;
import dev.crossfade.bench.differential.Verdict.Wrong;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;

/** One proof, from empty databases to the tally. */
final class DifferentialRun {
  private static final int CUSTOMERS = 200;
  private static final int ORDERS = 400;
  private static final int MOST_WRONG = 20;
  private static final int MOST_ATTEMPTS = 100;
  private static final int SHRINKING = 400;
  private static final int REPORT_EVERY = 500;

  /** A slower statement is no question; new may take longer: it is not asked how fast it is. */
  private static final Duration OLD_BOUND = Duration.ofSeconds(1);

  private static final Duration NEW_BOUND = Duration.ofSeconds(30);

  private final int queries;
  private final long seed;
  private final LensFile lens;
  private final PrintStream progress;
  private final Tally tally = new Tally();

  /**
   * @param queries to be compared or refused, 1 or more
   * @param lens to translate with; new is filled through the demo's
   */
  DifferentialRun(int queries, long seed, LensFile lens, PrintStream progress) {
    this.queries = queries;
    this.seed = seed;
    this.lens = lens;
    this.progress = progress;
  }

  Tally run() throws SQLException, IOException {
    try (Site site = Site.start()) {
      site.fill(data(seed), LensFile.splitCustomers());
      return run(site);
    }
  }

  static DataSet data(long seed) {
    return new DataSet(seed, CUSTOMERS, ORDERS);
  }

  /**
   * @param site with the {@link #data} of this seed
   */
  Tally run(Site site) throws IOException {
    try (Asker old = Asker.connect(site.old(), Site.APP, OLD_BOUND);
        Asker target = Asker.connect(site.target(), Site.SIDECAR, NEW_BOUND);
        Planner planner = new Planner(site)) {
      Judge judge = new Judge(old, target, planner.plans(lens));
      for (int number = 1; number <= queries && !isEnough(); number++) {
        one(number, judge, data(seed));
        if (number % REPORT_EVERY == 0) {
          progress.printf(
              "%,d statements, %,d equal, %d wrong%n",
              number, tally.equal(), tally.wrongAnswers().size());
        }
      }
    }
    return tally;
  }

  private boolean isEnough() {
    return tally.wrongAnswers().size() >= MOST_WRONG;
  }

  private void one(int number, Judge judge, DataSet data) throws IOException {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Written written = Grammar.statement(seed, number, attempt, data);
      switch (judge.judge(written)) {
        case Verdict.NoQuestion none -> {
          tally.noQuestion(none, written);
          continue;
        }
        case Verdict.Refused refused -> tally.refused(refused, written);
        case Verdict.Equal equal -> tally.equal(equal, written);
        case Wrong wrong -> tally.wrong(shrunk(number, written, wrong, judge), written);
      }
      return;
    }
    throw new IllegalStateException(
        "statement %d of seed %d: old refused every attempt".formatted(number, seed));
  }

  private static Tally.WrongAnswer shrunk(int number, Written written, Wrong wrong, Judge judge) {
    Written quiet = written.with(written.tree(), 0);
    Written start = failsAlike(quiet, written, wrong, judge) ? quiet : written;
    Node small =
        new Shrinker(
                smaller -> failsAlike(start.with(smaller, start.noise()), written, wrong, judge),
                SHRINKING)
            .shrink(start.tree());
    Written left = start.with(small, start.noise());
    Verdict verdict = judged(left, judge);
    return new Tally.WrongAnswer(
        number,
        written.statement(),
        left.statement(),
        verdict instanceof Wrong still ? still : wrong);
  }

  /** A missing order is only missed where it was asked for. */
  private static boolean failsAlike(Written smaller, Written written, Wrong wrong, Judge judge) {
    boolean comparable =
        wrong.difference() != Verdict.Difference.ORDER || orders(smaller) == orders(written);
    return comparable
        && judged(smaller, judge) instanceof Wrong still
        && still.difference() == wrong.difference();
  }

  private static int orders(Written written) {
    return written.tree().statement().sql().split("ORDER BY", -1).length;
  }

  private static Verdict judged(Written written, Judge judge) {
    try {
      return judge.judge(written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
