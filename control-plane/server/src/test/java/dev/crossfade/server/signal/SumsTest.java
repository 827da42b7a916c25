package dev.crossfade.server.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.ComparedTimes;
import dev.crossfade.api.v1.ErrorCount;
import dev.crossfade.api.v1.LatencyStep;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.SideSignals;
import dev.crossfade.api.v1.Verdict;
import dev.crossfade.api.v1.VerdictCount;
import dev.crossfade.engine.signal.Totals;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumsTest {
  private static MigrationSignals random(Random random) {
    MigrationSignals.Builder signals = MigrationSignals.newBuilder();
    signals.setOnOld(side(random)).setOnNew(side(random)).setUnlisted(random.nextInt(9));
    for (Verdict verdict : Verdict.values()) {
      if (verdict != Verdict.UNRECOGNIZED) {
        signals.addVerdicts(
            VerdictCount.newBuilder().setVerdict(verdict).setCount(random.nextInt(5)));
      }
    }
    signals.setCompared(ComparedTimes.newBuilder().addOnOld(step(random)).addOnNew(step(random)));
    return signals.build();
  }

  private static SideSignals side(Random random) {
    return SideSignals.newBuilder()
        .setAnswers(random.nextInt(1 << 20))
        .addLatencies(step(random))
        .addErrors(ErrorCount.newBuilder().setSqlstateClass("57").setCount(random.nextInt(300)))
        .addErrors(ErrorCount.newBuilder().setSqlstateClass("Z!").setCount(1))
        .build();
  }

  private static LatencyStep step(Random random) {
    return LatencyStep.newBuilder()
        .setStep(random.nextInt(86))
        .setCount(random.nextInt(1 << 24))
        .build();
  }

  @Test
  void whatIsPackedOrWrittenIsTheSameWhenItIsReadAgain() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      Sums sums = new Sums();
      sums.add(random(random));
      Sums unpacked = new Sums();
      unpacked.addPacked(sums.packed());
      assertThat(unpacked.since(new Sums()).packed()).as("seed " + seed).isEqualTo(sums.packed());
      Sums stored = new Sums();
      stored.add(sums.write(), Long.MAX_VALUE);
      assertThat(stored.packed()).as("seed " + seed).isEqualTo(sums.packed());
      assertThat(sums.since(stored).isEmpty()).isTrue();
    }
  }

  @Test
  void nonsenseIsCutOff() {
    Sums sums = new Sums();
    sums.add(
        MigrationSignals.newBuilder()
            .setOnOld(
                SideSignals.newBuilder()
                    .setAnswers(-5)
                    .addLatencies(LatencyStep.newBuilder().setStep(86).setCount(1))
                    .addLatencies(LatencyStep.newBuilder().setStep(-1).setCount(1))
                    .addLatencies(LatencyStep.newBuilder().setStep(1).setCount(Long.MIN_VALUE)))
            .addVerdicts(VerdictCount.newBuilder().setVerdictValue(99).setCount(1))
            .addVerdicts(VerdictCount.newBuilder().setCount(1))
            .setUnlisted(-1)
            .build());
    assertThat(sums.isEmpty()).isTrue();
    sums.add(
        MigrationSignals.newBuilder()
            .setOnNew(SideSignals.newBuilder().setAnswers(Long.MAX_VALUE))
            .build());
    assertThat(sums.answersOnNew()).isEqualTo(100_000_000);
  }

  @Test
  void totalsSayWhatWasCounted() {
    Sums sums = new Sums();
    sums.add(
        MigrationSignals.newBuilder()
            .setOnOld(
                SideSignals.newBuilder()
                    .setAnswers(7)
                    .addErrors(ErrorCount.newBuilder().setSqlstateClass("23").setCount(2)))
            .addVerdicts(VerdictCount.newBuilder().setVerdict(Verdict.VERDICT_MATCH).setCount(5))
            .addVerdicts(VerdictCount.newBuilder().setVerdict(Verdict.VERDICT_VALUE).setCount(1))
            .addVerdicts(
                VerdictCount.newBuilder().setVerdict(Verdict.VERDICT_UNDECIDED).setCount(9))
            .build());
    Totals totals = sums.totals();
    assertThat(totals.onOld().count()).isEqualTo(7);
    assertThat(totals.onOld().errors()).containsOnlyKeys("23").containsValue(2L);
    assertThat(totals.decided()).isEqualTo(6);
    assertThat(totals.mismatches()).isEqualTo(1);
  }
}
