package dev.crossfade.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.BenchmarkVerdict.Outcome;
import dev.crossfade.api.v1.Knee;
import dev.crossfade.api.v1.VerdictReason;
import dev.crossfade.api.v1.VerdictReason.Kind;
import dev.crossfade.bench.rollout.replay.Turn;
import dev.crossfade.bench.rollout.replay.Turns;
import dev.crossfade.bench.rollout.workload.Call;
import dev.crossfade.bench.rollout.workload.Statement;
import dev.crossfade.bench.rollout.workload.Workload;
import dev.crossfade.inspect.database.DatabaseUrl;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two statements: one is executed nine times as often as the other. */
class VerdictMakerTest {
  private static final String OFTEN = "SELECT full_name FROM customers WHERE id = $1";
  private static final String RARE = "SELECT count(*) FROM orders";
  private static final int ROUNDS = 3;
  private static final int COUNT = 200;
  private static final double USUAL_MICROS = 2_000;

  private final Map<String, List<Turn>> ways = new LinkedHashMap<>();
  private PlanComparison.Compared plans = new PlanComparison.Compared(null, null, "", "");
  private double newShare = 1;
  private double coverage = 1;
  private List<Knee> knees = List.of();

  VerdictMakerTest() {
    for (String way :
        List.of(Measurement.OLD, Measurement.OLD_AGAIN, Measurement.ON_OLD, Measurement.ON_NEW)) {
      way(way, USUAL_MICROS, 0);
    }
  }

  /** What one way answered, with so many failures of the frequent statement in each round. */
  private void way(String name, double micros, int failures) {
    ways.put(
        name,
        IntStream.range(0, ROUNDS)
            .mapToObj(
                round -> {
                  Turn turn = Turns.of(0, 2, COUNT, micros);
                  turn.add(Turns.of(1, 2, COUNT, USUAL_MICROS));
                  return Turns.failing(turn, 0, failures, "ERROR: no such column\nLINE 1");
                })
            .toList());
  }

  private BenchmarkVerdict verdict() {
    Measurement measured =
        new Measurement(
            ways,
            Turns.of(0, 2, COUNT, 20),
            List.of(plans, new PlanComparison.Compared(null, null, "", "")),
            knees,
            new Measurement.Routes(newShare, ""));
    Settings settings =
        new Settings(100, 4, Duration.ofSeconds(1), ROUNDS, List.of(), 0, 1, Terms.USUAL);
    DatabaseUrl nowhere = new DatabaseUrl("jdbc:postgresql://127.0.0.1/none", "nobody", null);
    return VerdictMaker.make(
        new Subject("split-customers", "migration: split-customers", nowhere, nowhere),
        new TwoStatements(),
        settings,
        measured,
        List.of("2 cores"));
  }

  private Kind onlyReason() {
    BenchmarkVerdict verdict = verdict();
    assertThat(verdict.getOutcome()).isEqualTo(Outcome.NO_GO);
    assertThat(verdict.getReasonsList()).extracting(VerdictReason::getKind).hasSize(1);
    return verdict.getReasons(0).getKind();
  }

  private final class TwoStatements implements Workload {
    @Override
    public String source() {
      return "a test";
    }

    @Override
    public List<Statement> statements() {
      return List.of(new Statement(OFTEN, 9), new Statement(RARE, 1));
    }

    @Override
    public List<Call> transaction(long number) {
      throw new AssertionError("everything has been replayed");
    }

    @Override
    public double coverage() {
      return coverage;
    }

    @Override
    public List<String> remarks() {
      return List.of("as it was recorded");
    }

    @Override
    public boolean writes() {
      return false;
    }
  }

  @Test
  void whatTakesTheSameOnNewMayGo() {
    BenchmarkVerdict verdict = verdict();
    assertThat(verdict.getOutcome()).isEqualTo(Outcome.GO);
    assertThat(verdict.getReasonsList()).isEmpty();
    assertThat(verdict.getRemarksList()).contains("as it was recorded");
    assertThat(verdict.getStatementsList())
        .allSatisfy(its -> assertThat(its.getExecutions()).isEqualTo(ROUNDS * COUNT));
    assertThat(verdict.getError().getFalseAlarms()).isZero();
    assertThat(verdict.getCircumstancesList()).containsExactly("2 cores");
  }

  @Test
  void aStatementThatGotSlowerIsNamedWithItsPlan() {
    way(Measurement.ON_NEW, 5 * USUAL_MICROS, 0);
    plans = new PlanComparison.Compared(null, null, "", "reads all of people");
    BenchmarkVerdict verdict = verdict();
    assertThat(verdict.getReasonsList())
        .extracting(VerdictReason::getKind)
        .containsExactly(Kind.SLOWER, Kind.PLAN_WORSE);
    assertThat(verdict.getReasons(0).getFingerprint()).isEqualTo(OFTEN);
    assertThat(verdict.getReasons(0).getMessage())
        .startsWith("5.00 times as long on new")
        .contains("reads all of people");
  }

  /** Where old differs from itself as much, nothing is known of new. */
  @Test
  void whatIsAsFarApartOnOldAloneIsNoReason() {
    way(Measurement.ON_NEW, 3 * USUAL_MICROS, 0);
    assertThat(onlyReason()).isEqualTo(Kind.SLOWER);
    way(Measurement.OLD_AGAIN, 3 * USUAL_MICROS, 0);
    BenchmarkVerdict verdict = verdict();
    assertThat(verdict.getOutcome()).isEqualTo(Outcome.GO);
    assertThat(verdict.getError().getFalseAlarms()).isOne();
  }

  @Test
  void whatFailsOnNewAloneIsAReasonAndWhatFailsOnOldTooIsNone() {
    way(Measurement.ON_NEW, USUAL_MICROS, 5);
    assertThat(onlyReason()).isEqualTo(Kind.ERRORS);
    assertThat(verdict().getReasons(0).getMessage())
        .startsWith("15 executions failed on new and 0 on old, first with ERROR: no such column: ");
    way(Measurement.ON_OLD, USUAL_MICROS, 5);
    BenchmarkVerdict verdict = verdict();
    assertThat(verdict.getOutcome()).isEqualTo(Outcome.GO);
    assertThat(verdict.getRemarksList()).anyMatch(remark -> remark.contains("fail on old itself"));
  }

  @Test
  void withoutEnoughOfTheWorkloadThereIsNoGo() {
    coverage = 0.89;
    assertThat(onlyReason()).isEqualTo(Kind.NOT_MEASURED);
    assertThat(verdict().getReasons(0).getMessage()).contains("89.0%").contains("90%");
  }

  @Test
  void whatOldHasAnsweredSaysNothingOfNew() {
    newShare = 0.4;
    assertThat(onlyReason()).isEqualTo(Kind.NOT_MEASURED);
  }

  @Test
  void aStatementThatStaysWithOldIsToldAndIsNoReason() {
    plans = new PlanComparison.Compared(null, null, "NOT_TRANSLATABLE", "");
    newShare = 0.1;
    BenchmarkVerdict verdict = verdict();
    assertThat(verdict.getOutcome()).isEqualTo(Outcome.GO);
    assertThat(verdict.getRemarksList()).contains("stays with old (NOT_TRANSLATABLE): " + OFTEN);
  }

  @Test
  void newMustKeepMoreThanTheRateThatIsAskedFor() {
    Knee.Builder knee = Knee.newBuilder().setWay(Measurement.ON_NEW).setFound(true);
    knees = List.of(knee.setRate(149).build());
    assertThat(onlyReason()).isEqualTo(Kind.NO_HEADROOM);
    knees = List.of(knee.setRate(150).build());
    assertThat(verdict().getOutcome()).isEqualTo(Outcome.GO);
    knees = List.of(knee.setRate(100).setFound(false).build());
    assertThat(verdict().getOutcome()).isEqualTo(Outcome.GO);
  }

  @Test
  void whatWasNeverBegunIsAReason() {
    ways.getOrDefault(Measurement.ON_NEW, List.of()).forEach(turn -> Turns.abandoned(turn, 3));
    assertThat(onlyReason()).isEqualTo(Kind.NO_HEADROOM);
    assertThat(verdict().getReasons(0).getMessage()).contains("9 of 1209 were never begun");
  }
}
