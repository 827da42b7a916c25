package dev.crossfade.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.soak.Vitals.Vital;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FlatnessTest {
  private static final int SAMPLES = 48;

  @Test
  void whatOnlyWarmsUpIsFlat() {
    Flatness flat = judged(Vital.RESIDENT_KIB, i -> i < SAMPLES / 4 ? 50_000 + i * 1000 : 100_000);
    assertThat(flat.isFlat()).isTrue();
    assertThat(flat.slope()).isZero();
  }

  @Test
  void whatGrowsSteadilyIsNotFlat() {
    Flatness grown = judged(Vital.RESIDENT_KIB, i -> 100_000 + i * 500);
    assertThat(grown.isFlat()).isFalse();
    assertThat(grown.slope()).isEqualTo(500);
  }

  @Test
  void oneWildSampleChangesNothing() {
    Flatness flat = judged(Vital.DESCRIPTORS, i -> i == SAMPLES - 2 ? 9_000 : 200);
    assertThat(flat.isFlat()).isTrue();
    assertThat(flat.slope()).isZero();
  }

  @Test
  void descriptorsMayDifferByAFew() {
    assertThat(judged(Vital.DESCRIPTORS, i -> i < SAMPLES / 2 ? 200 : 213).isFlat()).isTrue();
    assertThat(judged(Vital.DESCRIPTORS, i -> i < SAMPLES / 2 ? 200 : 215).isFlat()).isFalse();
  }

  /** A sample for each million queries. */
  private static Flatness judged(Vital vital, LongUnaryOperator values) {
    List<Vitals> samples =
        LongStream.range(0, SAMPLES)
            .mapToObj(
                i ->
                    new Vitals(
                        Duration.ofSeconds(i), i * 1_000_000, Map.of(vital, values.applyAsLong(i))))
            .toList();
    return Flatness.judge(samples).stream()
        .filter(trend -> trend.vital() == vital)
        .findFirst()
        .orElseThrow();
  }
}
