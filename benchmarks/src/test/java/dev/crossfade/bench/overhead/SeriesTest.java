package dev.crossfade.bench.overhead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeriesTest {
  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(of(9, 1, 5).median()).isEqualTo(5);
    assertThat(of(3).median()).isEqualTo(3);
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    assertThat(of(1, 100, 2, 4).median()).isEqualTo(3);
  }

  @Test
  void oneWildRoundDoesNotMoveIt() {
    assertThat(of(10, 11, 12, 13, 1_000_000).median()).isEqualTo(12);
  }

  @Test
  void noRoundHasNoMedian() {
    assertThatThrownBy(() -> new Series().median()).isInstanceOf(IllegalStateException.class);
  }

  private static Series of(double... values) {
    Series series = new Series();
    for (double value : values) {
      series.add(value);
    }
    return series;
  }
}
