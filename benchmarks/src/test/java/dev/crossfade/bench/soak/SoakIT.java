package dev.crossfade.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.soak.SoakRun.Outcome;
import dev.crossfade.bench.soak.SoakRun.Plan;
import dev.crossfade.bench.soak.SoakRun.Population;
import dev.crossfade.bench.soak.Tally.Event;
import dev.crossfade.core.route.RouteReason;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A small soak of a real sidecar, with more chaos than a long one has. */
class SoakIT {
  private static final long QUERIES = 20_000;
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final PrintStream SILENT = new PrintStream(PrintStream.nullOutputStream());

  @Test
  void everyAnswerBelongsToItsQuestionAndNothingIsLeftBehind() throws SQLException {
    Plan plan =
        new Plan(QUERIES, 32, BOUND, new Chaos.Shares(0.03, 0.02), new Population(11, 2_000));
    Outcome outcome = new SoakRun(plan, SILENT).run();
    Tally tally = outcome.tally();
    assertThat(tally.messages()).as("seed 11").isEmpty();
    Verdict verdict = Verdict.of(outcome);
    assertThat(verdict.objections()).as("seed 11").isEmpty();
    assertThat(verdict.trends()).as("too short to tell").isEmpty();
    assertThat(outcome.routes()).containsKeys(RouteReason.IN_SHARE, RouteReason.OUT_OF_SHARE);
    assertThat(tally.events(Event.CANCELS)).isPositive();
    assertThat(tally.events(Event.RESETS) + tally.events(Event.CLOSES)).isPositive();
    assertThat(new SoakReport(outcome, verdict, List.of("in a test")).markdown())
        .contains("**Passed.**")
        .contains("| sessions | 0 | 0 | back |");
  }
}
