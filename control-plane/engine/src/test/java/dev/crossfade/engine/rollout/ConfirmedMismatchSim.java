package dev.crossfade.engine.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.DoubtRoom;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.engine.rollout.Guard.Outcome;
import dev.crossfade.engine.rollout.Guard.Remedy;
import dev.crossfade.engine.signal.Answers;
import dev.crossfade.engine.signal.MirrorGauge;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.engine.signal.Totals;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What guards get to see of a fault when differences come faster than they can be confirmed: reads
 * of several statements, one of which is wrong, and half a second for each confirmation.
 */
class ConfirmedMismatchSim {
  private static final int PLACES = 16;
  private static final int READS_PER_SECOND = 1_000;
  private static final double CONFIRMATION_SECONDS = 0.5;
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  /** A difference that is being looked at. */
  private record Doubt(double until, DoubtRoom.OfQuery query, boolean counted, boolean wrong) {}

  /** Compares as the sidecar does. */
  private static final class Fleet {
    private final DoubtRoom room = new DoubtRoom(PLACES, PLACES);
    private final List<DoubtRoom.OfQuery> queries;
    private final SplittableRandom random;
    private final PriorityQueue<Doubt> doubts =
        new PriorityQueue<>((one, other) -> Double.compare(one.until(), other.until()));
    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    private double now;

    Fleet(int queries, long seed) {
      this.queries = IntStream.range(0, queries).mapToObj(i -> room.ofQuery()).toList();
      this.random = new SplittableRandom(seed);
    }

    /**
     * @param wrong share of the first statement's answers that are wrong
     * @param racing share of all answers that differ for a moment
     */
    void read(double wrong, double racing) {
      now += 1.0 / READS_PER_SECOND;
      while (!doubts.isEmpty() && doubts.element().until() <= now) {
        Doubt decided = doubts.remove();
        decided.query().leave(false);
        count(decided.counted(), decided.wrong() ? Verdict.VALUE : Verdict.RACE);
      }
      int which = random.nextInt(queries.size());
      DoubtRoom.OfQuery query = queries.get(which);
      boolean isWrong = which == 0 && random.nextDouble() < wrong;
      boolean differs = isWrong || random.nextDouble() < racing;
      boolean counted = room.isOpen();
      if (!differs) {
        count(counted, Verdict.MATCH);
      } else if (query.enter()) {
        doubts.add(new Doubt(now + CONFIRMATION_SECONDS, query, counted, isWrong));
      } else {
        count(counted, Verdict.UNCONFIRMED);
      }
    }

    private void count(boolean counted, Verdict verdict) {
      counts.merge(counted ? verdict : Verdict.UNDECIDED, 1L, Long::sum);
    }

    Totals totals() {
      return new Totals(Answers.NONE, Answers.NONE, counts, Answers.NONE, Answers.NONE);
    }

    Finding says(double max) {
      Guard guard = new Guard("g", new Measure.Mismatches(max), Remedy.ROLLBACK, false);
      return Judge.judge(
              List.of(guard),
              new Evidence(
                  new Reading(NOW, totals(), MirrorGauge.UNKNOWN, 1, 0),
                  Baseline.at(Totals.NONE, NOW),
                  Evidence.Findings.NONE,
                  Map.of(),
                  NOW))
          .findings()
          .getFirst();
    }

    double rate() {
      return (double) totals().mismatches() / totals().decided();
    }
  }

  /** The guard says so within two seconds of reads, and how much of it is wrong is told rightly. */
  @ParameterizedTest
  @CsvSource({"1, 1.0", "2, 1.0", "2, 0.5", "4, 1.0", "10, 1.0", "10, 0.2", "4, 0.05"})
  void aFaultIsSeenAsLargeAsItIs(int queries, double wrong) {
    double truth = wrong / queries;
    for (int seed = 0; seed < 20; seed++) {
      Fleet fleet = new Fleet(queries, seed);
      int failedAfter = 0;
      for (int reads = 1; reads <= 60_000; reads++) {
        fleet.read(wrong, 0.002);
        if (failedAfter == 0 && reads % 100 == 0 && fleet.says(0.001).outcome() == Outcome.FAIL) {
          failedAfter = reads;
        }
      }
      assertThat(failedAfter).as("seed " + seed).isBetween(1, 2_000);
      assertThat(fleet.rate()).as("seed " + seed).isBetween(truth * 0.75, truth * 1.35);
      assertThat(fleet.totals().unconfirmed()).isZero();
    }
  }

  /** A bound that the share of confirmed ones alone would never have reached. */
  @Test
  void aBoundIsPassedOrBrokenByTheTrueShare() {
    Fleet fleet = new Fleet(4, 7);
    for (int reads = 0; reads < 60_000; reads++) {
      fleet.read(1, 0);
    }
    long confirmed = fleet.totals().mismatches();
    assertThat((double) confirmed / 60_000).isLessThan(0.05);
    assertThat(fleet.says(0.15).outcome()).isEqualTo(Outcome.FAIL);
    assertThat(fleet.says(0.40).outcome()).isEqualTo(Outcome.PASS);
  }

  /** Races in plenty, so that hardly anything finds a place, and no fault: nobody cries wolf. */
  @Test
  void racesThatCannotAllBeLookedAtAreNoFault() {
    for (int seed = 0; seed < 20; seed++) {
      Fleet fleet = new Fleet(3, seed);
      for (int reads = 0; reads < 60_000; reads++) {
        fleet.read(0, 0.3);
      }
      assertThat(fleet.totals().mismatches()).isZero();
      assertThat(fleet.says(0.001).outcome()).isNotEqualTo(Outcome.FAIL);
    }
  }
}
