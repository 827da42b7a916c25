package dev.crossfade.core.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlownessTest {
  private static long[] all(long millis) {
    long[] nanos = new long[Slowness.ENOUGH];
    Arrays.fill(nanos, millis * 1_000_000);
    return nanos;
  }

  @Test
  void twiceAndAMillisecondIsFar() {
    assertThat(Slowness.isFar(all(2), all(4))).isTrue();
    assertThat(Slowness.isFar(all(2), all(3))).isFalse();
    assertThat(Slowness.isFar(10_000, 900_000)).isFalse();
    assertThat(Slowness.isFar(all(4), all(2))).isFalse();
  }

  @Test
  void aFewThatTookLongSayNothing() {
    long[] target = all(2);
    Arrays.fill(target, 0, Slowness.ENOUGH / 2 - 1, 1_000_000_000);
    assertThat(Slowness.isFar(all(2), target)).isFalse();
    Arrays.fill(target, 0, Slowness.ENOUGH * 3 / 4 - 1, 1_000_000_000);
    assertThat(Slowness.isFar(all(2), target)).isTrue();
    assertThat(Slowness.isFarAtBest(all(2), target)).isFalse();
    assertThat(Slowness.isFarAtBest(all(2), all(6))).isTrue();
  }
}
