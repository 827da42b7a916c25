package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.differential.Answer.Rows;
import dev.crossfade.bench.differential.Corpus.Question;
import dev.crossfade.bench.differential.Grammar.Written;
import dev.crossfade.postgresql.plan.PlanMaker;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the statements of the corpus on both sides. One whose answer depends on where its rows lie
 * or on the plan, as a LIMIT without ORDER BY does, is no question: old asked twice would differ.
 */
final class CorpusRun {
  private static final Duration OLD_BOUND = Duration.ofSeconds(5);
  private static final Duration NEW_BOUND = Duration.ofSeconds(60);
  private static final int REPORT_EVERY = 200;

  /** One of so many is asked for in binary. */
  private static final int BINARY_EVERY = 3;

  private static final String[] OTHER_PLANS = {
    "SET enable_hashjoin = off",
    "SET enable_hashagg = off",
    "SET enable_nestloop = off",
    "SET enable_indexscan = off",
    "SET enable_bitmapscan = off"
  };

  private final List<Question> questions;
  private final PrintStream progress;
  private final CorpusTally tally = new CorpusTally();

  CorpusRun(List<Question> questions, PrintStream progress) {
    this.questions = List.copyOf(questions);
    this.progress = progress;
  }

  CorpusTally run(long seed) throws SQLException, IOException {
    try (Site site = Site.start()) {
      CorpusSite.fill(site, seed);
      return run(site, Corpus.lens());
    }
  }

  /**
   * @param site filled with the corpus
   */
  CorpusTally run(Site site, LensFile lens) throws IOException {
    try (Asker old = Asker.connect(site.old(), Site.APP, OLD_BOUND);
        Asker shuffled = other(site);
        Asker planned = other(site, OTHER_PLANS);
        Asker target = Asker.connect(site.target(), Site.SIDECAR, NEW_BOUND);
        Planner planner = new Planner(site)) {
      PlanMaker plans = planner.plans(lens);
      Judge judge = new Judge(old, target, plans);
      for (Question question : questions) {
        Steadiness steadiness = steadiness(question, List.of(old, shuffled, planned));
        if (steadiness.fault() == null) {
          tally.add(question, judge.judge(written(question, steadiness.ordered())));
        } else {
          tally.add(question, steadiness.fault());
        }
        if (tally.asked() % REPORT_EVERY == 0) {
          progress.printf(
              "%,d statements, %,d equal, %d wrong%n",
              tally.asked(), tally.equal(), tally.wrongAnswers().size());
        }
      }
    }
    return tally;
  }

  private static Asker other(Site site, String... settings) throws IOException {
    return Asker.connect(site.old(), CorpusSite.SHUFFLED, Site.APP, OLD_BOUND, settings);
  }

  private static Written written(Question question, boolean ordered) {
    boolean binary = question.number() % BINARY_EVERY == 0;
    return new Written(Node.of(question.sql()), ordered, binary, Set.of(), 0);
  }

  /**
   * Whether a statement has one answer.
   *
   * @param fault why not
   * @param ordered whether its rows come in one order
   */
  private record Steadiness(Verdict.@Nullable NoQuestion fault, boolean ordered) {}

  private static Steadiness steadiness(Question question, List<Asker> askers) throws IOException {
    boolean binary = question.number() % BINARY_EVERY == 0;
    Node.Statement statement = new Node.Statement(question.sql(), List.of());
    boolean ordered = question.sql().toUpperCase(Locale.ROOT).contains("ORDER BY");
    Rows first = null;
    for (Asker asker : askers) {
      switch (asker.ask(statement, new int[0], binary)) {
        case Answer.Failed(String sqlState, String message) -> {
          return new Steadiness(new Verdict.NoQuestion(sqlState, message), false);
        }
        case Answer.TooLong() -> {
          return new Steadiness(new Verdict.NoQuestion("too many rows", "to compare"), false);
        }
        case Rows rows -> {
          if (first == null) {
            first = rows;
          } else if (!first.multiset().equals(rows.multiset())) {
            return new Steadiness(
                new Verdict.NoQuestion(
                    "by chance", "old itself answers otherwise when its rows lie in another order"),
                false);
          } else {
            ordered &= first.rows().equals(rows.rows());
          }
        }
      }
    }
    return new Steadiness(null, ordered);
  }
}
