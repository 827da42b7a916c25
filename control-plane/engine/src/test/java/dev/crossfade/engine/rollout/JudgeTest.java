package dev.crossfade.engine.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.Verdict;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.engine.rollout.Evidence.Benchmark;
import dev.crossfade.engine.rollout.Evidence.Coverage;
import dev.crossfade.engine.rollout.Evidence.Findings;
import dev.crossfade.engine.rollout.Evidence.Verification;
import dev.crossfade.engine.rollout.Guard.Outcome;
import dev.crossfade.engine.rollout.Guard.Remedy;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.MirrorGauge;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.engine.signal.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  static Answers answers(long count, long errors, long micros) {
    long[] latencies = new long[LatencySteps.COUNT];
    latencies[LatencySteps.of(micros)] = count;
    return new Answers(count, errors == 0 ? Map.of() : Map.of("XX", errors), latencies);
  }

  private static Totals totals(Answers onOld, Answers onNew) {
    return new Totals(onOld, onNew, Map.of(), Answers.NONE, Answers.NONE);
  }

  private static Totals compared(long matches, long mismatches) {
    return new Totals(
        Answers.NONE,
        Answers.NONE,
        Map.of(Verdict.MATCH, matches, Verdict.VALUE, mismatches, Verdict.UNDECIDED, 7L),
        Answers.NONE,
        Answers.NONE);
  }

  private static Finding say(Measure measure, Remedy remedy, Reading reading, Findings findings) {
    return say(measure, remedy, reading, findings, Baseline.at(Totals.NONE, NOW));
  }

  private static Finding say(
      Measure measure, Remedy remedy, Reading reading, Findings findings, Baseline baseline) {
    Guard guard = new Guard("g", measure, remedy, false);
    return Judge.judge(List.of(guard), new Evidence(reading, baseline, findings, Map.of(), NOW))
        .findings()
        .getFirst();
  }

  private static Finding say(Measure measure, Totals totals) {
    return say(measure, Remedy.ROLLBACK, reading(totals), Findings.NONE);
  }

  private static Reading reading(Totals totals) {
    return new Reading(NOW, totals, MirrorGauge.UNKNOWN, 3, 0);
  }

  private static void assertSaid(Finding finding, Outcome outcome, String part) {
    assertThat(finding.outcome()).as(finding.reason()).isEqualTo(outcome);
    assertThat(finding.reason()).contains(part);
  }

  @Test
  void errorsOfNewAreJudgedAgainstABound() {
    Measure one = new Measure.Errors(0.01, false);
    assertSaid(
        say(one, totals(Answers.NONE, answers(100, 0, 50))),
        Outcome.NOT_ENOUGH_DATA,
        "not yet under 1%");
    assertSaid(
        say(one, totals(Answers.NONE, answers(2_000, 2, 50))), Outcome.PASS, "2 of 2000 (0.1%)");
    assertSaid(
        say(one, totals(Answers.NONE, answers(100, 12, 50))), Outcome.FAIL, "12 of 100 (12%)");
  }

  @Test
  void errorsThatOldHasTooAreNoFaultOfNew() {
    Measure over = new Measure.Errors(0.01, true);
    assertSaid(
        say(over, totals(answers(100_000, 5_000, 50), answers(100_000, 5_010, 50))),
        Outcome.PASS,
        "5.01% on new, 5% on old");
    assertSaid(
        say(over, totals(answers(20_000, 1_000, 50), answers(20_000, 2_000, 50))),
        Outcome.FAIL,
        "more, over 1%");
    assertSaid(
        say(over, totals(answers(20, 1, 50), answers(20, 1, 50))),
        Outcome.NOT_ENOUGH_DATA,
        "not yet under 1%");
  }

  /** One replica is killed with its last second of slow answers, while another one counts on. */
  @Test
  void whatAKilledReplicaHadNotWrittenIsNoNegativeCount() {
    Totals before = totals(answers(1_000, 0, 100), answers(50, 3, 90_000));
    Totals after = totals(answers(1_000, 0, 100), answers(400, 3, 100));
    Baseline baseline = Baseline.at(before, NOW).movedOn(after, NOW);
    assertThat(baseline.step()).isEqualTo(before);
    Finding latency =
        say(
            new Measure.Latency(0.5, 2),
            Remedy.ROLLBACK,
            reading(after.plus(totals(answers(1_000, 0, 100), Answers.NONE))),
            Findings.NONE,
            baseline);
    assertSaid(latency, Outcome.PASS, "0 of 400 (0%)");
    Totals since = after.minus(before);
    assertThat(since.onNew().count()).isEqualTo(350);
    assertThat(since.onNew().latencies()).doesNotContain(-50);
    assertThat(before.minus(after).onNew().count()).isZero();
    assertThat(compared(10, 1).minus(compared(90, 3)).verdicts()).isEmpty();
    Answers other = new Answers(1, Map.of("08", 1L), new long[LatencySteps.COUNT]);
    assertThat(other.minus(answers(1, 1, 50)).errors()).isEqualTo(Map.of("08", 1L));
  }

  @Test
  void onlyComparisonsThatSayAnythingCount() {
    Measure some = new Measure.Mismatches(0.001);
    assertSaid(say(some, compared(10_000, 0)), Outcome.PASS, "0 of 10000");
    assertSaid(say(some, compared(1_000, 10)), Outcome.FAIL, "10 of 1010");
    assertSaid(say(some, compared(10, 0)), Outcome.NOT_ENOUGH_DATA, "0 of 10");
  }

  /** They are no matches, and no proof of a fault either. */
  @Test
  void differencesThatNobodyCouldConfirmLetNoGuardPassAndFailNone() {
    Measure some = new Measure.Mismatches(0.001);
    assertSaid(say(some, unconfirmed(10_000, 0, 1)), Outcome.PASS, "0 of 10000");
    assertSaid(
        say(some, unconfirmed(10_000, 0, 50)), Outcome.NOT_ENOUGH_DATA, "but 50 more differences");
    assertSaid(say(some, unconfirmed(10_000, 0, 1_000_000)), Outcome.NOT_ENOUGH_DATA, "0 of 10000");
    assertSaid(say(some, unconfirmed(1_000, 10, 5)), Outcome.FAIL, "10 of 1010");
    assertSaid(say(some, unconfirmed(1_000_000, 0, 50)), Outcome.PASS, "0 of 1000000");
  }

  private static Totals unconfirmed(long matches, long mismatches, long open) {
    return new Totals(
        Answers.NONE,
        Answers.NONE,
        Map.of(Verdict.MATCH, matches, Verdict.VALUE, mismatches, Verdict.UNCONFIRMED, open),
        Answers.NONE,
        Answers.NONE);
  }

  @Test
  void whatCameBeforeTheStepDoesNotCount() {
    Baseline baseline = Baseline.at(compared(5, 1_000), NOW);
    assertSaid(
        say(
            new Measure.Mismatches(0.001),
            Remedy.ROLLBACK,
            reading(compared(20_005, 1_001)),
            Findings.NONE,
            baseline),
        Outcome.PASS,
        "1 of 20001");
  }

  /** After a day without a fault one that is new is found as soon as in the first hour. */
  @Test
  void aLateFaultIsFoundInItsWindow() {
    Baseline late = new Baseline(Totals.NONE, compared(10_000_000, 0), 1_440, NOW);
    assertSaid(
        say(
            new Measure.Mismatches(0.001),
            Remedy.ROLLBACK,
            reading(compared(10_000_900, 25)),
            Findings.NONE,
            late),
        Outcome.FAIL,
        "25 of the last 925");
  }

  @Test
  void windowsFollowEachOtherAndANewCountBeginsAnew() {
    Baseline first = Baseline.at(compared(10, 0), NOW);
    assertThat(first.movedOn(compared(20, 0), NOW.plusSeconds(59))).isSameAs(first);
    Baseline second = first.movedOn(compared(20, 0), NOW.plusSeconds(60));
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.step()).isEqualTo(first.step());
    assertThat(second.window().decided()).isEqualTo(20);
    Baseline anew = second.movedOn(compared(3, 0), NOW.plusSeconds(61));
    assertThat(anew.number()).isEqualTo(1);
    assertThat(anew.step().decided()).isEqualTo(3);
  }

  @Test
  void latencyIsARatioOfQuantiles() {
    Measure twice = new Measure.Latency(0.5, 2);
    assertSaid(
        say(twice, totals(answers(10, 0, 1_000), answers(1_000, 0, 1_000))),
        Outcome.NOT_ENOUGH_DATA,
        "too few");
    assertSaid(
        say(twice, totals(answers(1_000, 0, 1_000), answers(1_000, 0, 1_500))),
        Outcome.PASS,
        "0 of 1000");
    assertSaid(
        say(twice, totals(answers(1_000, 0, 1_000), answers(200, 0, 3_500))),
        Outcome.FAIL,
        "200 of 200");
    Answers slowTail = answers(970, 0, 1_000).plus(answers(30, 0, 9_000));
    assertSaid(
        say(new Measure.Latency(0.99, 2), totals(answers(5_000, 0, 1_000), slowTail)),
        Outcome.FAIL,
        "30 of 1000");
  }

  @Test
  void reasonsNameWhatIsToBeDone() {
    assertThat(
            say(
                    new Measure.Mismatches(0.001),
                    Remedy.PAUSE,
                    reading(compared(1, 99)),
                    Findings.NONE)
                .outcome())
        .isEqualTo(Outcome.PAUSE);
    assertThat(
            say(new Measure.Mismatches(0.001), Remedy.WAIT, reading(compared(1, 99)), Findings.NONE)
                .outcome())
        .isEqualTo(Outcome.NOT_ENOUGH_DATA);
  }

  @Test
  void driftAgeCoverageAndBenchmarksAreOfTheEvidence() {
    Findings found =
        new Findings(
            new Verification(NOW.minusSeconds(100), 3),
            new Coverage(200, 1),
            Map.of("p99", new Benchmark(12, NOW.minusSeconds(5))),
            null);
    Reading reading = reading(Totals.NONE);
    assertSaid(
        say(new Measure.Drift(0), Remedy.ROLLBACK, reading, found), Outcome.FAIL, "3 entities");
    assertSaid(
        say(new Measure.Drift(3), Remedy.ROLLBACK, reading, found), Outcome.PASS, "3 entities");
    assertSaid(
        say(new Measure.Drift(3), Remedy.ROLLBACK, reading, Findings.NONE),
        Outcome.NOT_ENOUGH_DATA,
        "nobody");
    assertSaid(
        say(new Measure.Verified(Duration.ofSeconds(99)), Remedy.WAIT, reading, found),
        Outcome.NOT_ENOUGH_DATA,
        "100 s ago");
    assertSaid(
        say(new Measure.Verified(Duration.ofSeconds(100)), Remedy.WAIT, reading, found),
        Outcome.PASS,
        "100 s ago");
    assertSaid(
        say(new Measure.Verified(Duration.ofSeconds(100)), Remedy.WAIT, reading, Findings.NONE),
        Outcome.NOT_ENOUGH_DATA,
        "nobody");
    assertSaid(
        say(new Measure.Coverage(1), Remedy.WAIT, reading, found),
        Outcome.NOT_ENOUGH_DATA,
        "99.5%");
    assertSaid(say(new Measure.Coverage(0.99), Remedy.WAIT, reading, found), Outcome.PASS, "99.5%");
    assertSaid(
        say(new Measure.Coverage(0.99), Remedy.WAIT, reading, Findings.NONE),
        Outcome.NOT_ENOUGH_DATA,
        "no statement");
    Measure most =
        new Measure.Benchmark(
            "p99", OptionalDouble.empty(), OptionalDouble.of(10), Duration.ofSeconds(9));
    assertSaid(say(most, Remedy.PAUSE, reading, found), Outcome.PAUSE, "beyond");
    Measure least =
        new Measure.Benchmark(
            "p99", OptionalDouble.of(10), OptionalDouble.empty(), Duration.ofSeconds(9));
    assertSaid(say(least, Remedy.PAUSE, reading, found), Outcome.PASS, "as it must");
    Measure fresh =
        new Measure.Benchmark(
            "p99", OptionalDouble.of(10), OptionalDouble.empty(), Duration.ofSeconds(4));
    assertSaid(say(fresh, Remedy.PAUSE, reading, found), Outcome.NOT_ENOUGH_DATA, "is of");
    assertSaid(
        say(least, Remedy.PAUSE, reading, Findings.NONE), Outcome.NOT_ENOUGH_DATA, "no result");
  }

  @Test
  void aVerdictCountsWhileItIsFreshAndOfThisFile() {
    Measure measure = new Measure.Verdict(Duration.ofHours(1));
    assertSaid(verdict(measure, true, 60, true), Outcome.PASS, "says go");
    assertSaid(verdict(measure, false, 60, true), Outcome.PAUSE, "no go: an index is missing");
    assertSaid(verdict(measure, true, 3_601, true), Outcome.NOT_ENOUGH_DATA, "the verdict is of");
    assertSaid(verdict(measure, true, 60, false), Outcome.NOT_ENOUGH_DATA, "another version");
    assertSaid(
        say(measure, Remedy.PAUSE, reading(Totals.NONE), Findings.NONE),
        Outcome.NOT_ENOUGH_DATA,
        "no verdict");
    assertSaid(
        say(measure, Remedy.ROLLBACK, reading(Totals.NONE), found(false, 60, true)),
        Outcome.FAIL,
        "no go");
  }

  private static Finding verdict(Measure measure, boolean go, int ageSeconds, boolean current) {
    return say(measure, Remedy.PAUSE, reading(Totals.NONE), found(go, ageSeconds, current));
  }

  private static Findings found(boolean go, int ageSeconds, boolean current) {
    return new Findings(
        null,
        new Coverage(0, 0),
        Map.of(),
        new Evidence.Verdict(
            go, go ? "" : "an index is missing", NOW.minusSeconds(ageSeconds), current));
  }

  @Test
  void whatMayPassMustLastToCount() {
    Guard guard =
        new Guard(
            "lag",
            new Measure.Lag(Duration.ofSeconds(5), Duration.ofSeconds(30)),
            Remedy.PAUSE,
            true);
    MirrorGauge behind =
        new MirrorGauge(OptionalLong.of(9), Optional.of(Duration.ofSeconds(8)), OptionalLong.of(0));
    Reading reading = new Reading(NOW, Totals.NONE, behind, 1, 0);
    Baseline baseline = Baseline.at(Totals.NONE, NOW);
    Judge.Judgement first =
        Judge.judge(List.of(guard), new Evidence(reading, baseline, Findings.NONE, Map.of(), NOW));
    assertSaid(first.findings().getFirst(), Outcome.NOT_ENOUGH_DATA, "8.0 s behind");
    assertThat(first.findings().getFirst().isDryRun()).isTrue();
    assertThat(first.brokenSince()).containsEntry("lag", NOW);
    Judge.Judgement later =
        Judge.judge(
            List.of(guard),
            new Evidence(
                reading, baseline, Findings.NONE, first.brokenSince(), NOW.plusSeconds(30)));
    assertSaid(later.findings().getFirst(), Outcome.PAUSE, "8.0 s behind");
    MirrorGauge empty = new MirrorGauge(OptionalLong.of(0), Optional.empty(), OptionalLong.of(0));
    Judge.Judgement over =
        Judge.judge(
            List.of(guard),
            new Evidence(
                new Reading(NOW, Totals.NONE, empty, 1, 0),
                baseline,
                Findings.NONE,
                later.brokenSince(),
                NOW));
    assertSaid(over.findings().getFirst(), Outcome.PASS, "0.0 s behind");
    assertThat(over.brokenSince()).isEmpty();
    assertSaid(
        say(
            new Measure.Lag(Duration.ofSeconds(5), Duration.ZERO),
            Remedy.PAUSE,
            reading(Totals.NONE),
            Findings.NONE),
        Outcome.NOT_ENOUGH_DATA,
        "no sidecar says");
    assertSaid(
        say(
            new Measure.DeadLetters(0, Duration.ZERO),
            Remedy.PAUSE,
            new Reading(
                NOW,
                Totals.NONE,
                new MirrorGauge(OptionalLong.empty(), Optional.empty(), OptionalLong.of(2)),
                1,
                0),
            Findings.NONE),
        Outcome.PAUSE,
        "2 changes");
    assertSaid(
        say(
            new Measure.DeadLetters(0, Duration.ZERO),
            Remedy.PAUSE,
            reading(Totals.NONE),
            Findings.NONE),
        Outcome.NOT_ENOUGH_DATA,
        "no sidecar");
    assertSaid(
        say(
            new Measure.Silent(0, Duration.ZERO),
            Remedy.PAUSE,
            new Reading(NOW, Totals.NONE, behind, 2, 1),
            Findings.NONE),
        Outcome.PAUSE,
        "1 sidecars");
    assertSaid(
        say(new Measure.Silent(0, Duration.ZERO), Remedy.PAUSE, Reading.NONE, Findings.NONE),
        Outcome.NOT_ENOUGH_DATA,
        "no sidecar");
  }
}
