package dev.crossfade.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.rollout.replay.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlownessTest {
  private static final Terms TERMS = Terms.USUAL;
  private static final int STATEMENTS = 10;

  /** Rounds that are disturbed, each by itself, of a statement that takes so long. */
  private static List<Samples> rounds(double micros, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Samples> rounds = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      Samples samples = new Samples();
      for (int i = 0; i < 60; i++) {
        samples.accept(micros * (0.8 - Math.log(1 - random.nextDouble()) * 0.2));
      }
      rounds.add(samples);
    }
    return rounds;
  }

  @Test
  void whatTakesTwiceAsLongIsFoundAndWhatTakesTheSameIsNot() {
    int found = 0;
    int cried = 0;
    for (long seed = 1; seed <= 200; seed++) {
      List<Samples> old = rounds(1_000, seed);
      found += Slowness.of(old, rounds(2_000, -seed)).counts(TERMS, 1, STATEMENTS) ? 1 : 0;
      cried += Slowness.of(old, rounds(1_000, -seed)).counts(TERMS, 1, STATEMENTS) ? 1 : 0;
    }
    assertThat(found).isEqualTo(200);
    assertThat(cried).isZero();
  }

  @Test
  void aDifferenceThatDoesNotMatterIsNone() {
    // A quarter more is certain, and less than half as much again.
    Slowness little = Slowness.of(rounds(5_000, 1), rounds(6_250, 2));
    assertThat(little.pValue()).isLessThan(1e-4);
    assertThat(little.counts(TERMS, 1, STATEMENTS)).isFalse();
    // Twice as long, and less than 500 microseconds.
    assertThat(Slowness.of(rounds(100, 1), rounds(200, 2)).counts(TERMS, 1, STATEMENTS)).isFalse();
  }

  @Test
  void whatOldDiffersByFromItselfIsNotHeldAgainstNew() {
    Slowness slower = Slowness.of(rounds(1_000, 1), rounds(2_000, 2));
    assertThat(slower.counts(TERMS, 1.05, STATEMENTS)).isTrue();
    assertThat(slower.counts(TERMS, 1.8, STATEMENTS)).isFalse();
  }

  @Test
  void oneDisturbedRoundDoesNotDecide() {
    List<Samples> disturbed = new ArrayList<>(rounds(1_000, 2));
    disturbed.set(1, rounds(9_000, 3).getFirst());
    assertThat(Slowness.of(rounds(1_000, 1), disturbed).counts(TERMS, 1, STATEMENTS)).isFalse();
  }

  @Test
  void ofFewSamplesNothingIsSaid() {
    Samples few = new Samples();
    few.accept(1);
    assertThat(Slowness.of(List.of(few), List.of(few))).isEqualTo(Slowness.UNKNOWN);
  }
}
