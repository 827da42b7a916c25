package dev.crossfade.core.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyStepsTest {
  @Test
  void everyEdgeLiesInItsOwnStepAndTheNextMicrosecondInTheNext() {
    for (int step = 0; step < LatencySteps.COUNT - 1; step++) {
      long edge = LatencySteps.upperMicros(step);
      assertThat(LatencySteps.of(edge)).isEqualTo(step);
      assertThat(LatencySteps.of(edge + 1)).isEqualTo(step + 1);
    }
  }

  @Test
  void anEdgeIsAtMostAQuarterAboveWhatItStandsFor() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long micros = 16 + (long) (Math.exp(random.nextDouble() * 14) * 10);
      long edge = LatencySteps.upperMicros(LatencySteps.of(micros));
      assertThat(edge).isBetween(micros, micros + micros / 4 + 1);
    }
  }

  @Test
  void whatIsOutOfRangeCountsAtTheEnds() {
    assertThat(LatencySteps.of(-5)).isZero();
    assertThat(LatencySteps.of(0)).isZero();
    assertThat(LatencySteps.of(Long.MAX_VALUE)).isEqualTo(LatencySteps.COUNT - 1);
    assertThat(LatencySteps.upperMicros(LatencySteps.COUNT - 1)).isEqualTo(33_554_432);
  }

  @Test
  void percentilesAreThoseOfTheMeasurements() {
    long[] counts = new long[LatencySteps.COUNT];
    for (int micros = 1; micros <= 1000; micros++) {
      counts[LatencySteps.of(micros)]++;
    }
    assertThat(LatencySteps.percentile(counts, 0.5)).isBetween(500L, 625L);
    assertThat(LatencySteps.percentile(counts, 0.99)).isBetween(990L, 1240L);
    assertThat(LatencySteps.percentile(new long[LatencySteps.COUNT], 0.5)).isZero();
  }
}
