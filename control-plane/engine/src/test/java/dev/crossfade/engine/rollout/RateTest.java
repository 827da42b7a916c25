package dev.crossfade.engine.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RateTest {
  @Test
  void nothingSaysNothing() {
    Rate nothing = new Rate(0, 0);
    assertThat(nothing.isAbove(0.001, 0.01)).isFalse();
    assertThat(nothing.isBelow(0.001, 0.01)).isFalse();
    assertThat(nothing.lower(0.01)).isZero();
    assertThat(nothing.upper(0.01)).isEqualTo(1);
    assertThat(nothing.seen()).isZero();
  }

  @Test
  void oneHitIsNoAlarmAndManyAre() {
    assertThat(new Rate(1_000, 1).isAbove(0.001, 0.01)).isFalse();
    assertThat(new Rate(50, 3).isAbove(0.001, 0.01)).isTrue();
    assertThat(new Rate(1_000, 8).isAbove(0.001, 0.01)).isTrue();
  }

  @Test
  void aThousandthIsShownToBeRespectedBySixThousandWithoutAHit() {
    assertThat(new Rate(4_000, 0).isBelow(0.001, 0.01)).isFalse();
    assertThat(new Rate(6_000, 0).isBelow(0.001, 0.01)).isTrue();
    assertThat(new Rate(1_000_000, 800).isBelow(0.001, 0.01)).isTrue();
    assertThat(new Rate(1_000_000, 1_100).isBelow(0.001, 0.01)).isFalse();
  }

  @Test
  void billionsAreNoProblem() {
    Rate rate = new Rate(4_000_000_000L, 4_000_000L);
    assertThat(rate.lower(0.01)).isBetween(0.0009, 0.001);
    assertThat(rate.upper(0.01)).isBetween(0.001, 0.00115);
    assertThat(new Rate(1_000_000_000L, 1_000_000_000L).isAbove(0.5, 0.01)).isTrue();
  }

  @Test
  void moreHitsThanTrialsAreRefused() {
    assertThatThrownBy(() -> new Rate(1, 2)).isInstanceOf(IllegalArgumentException.class);
  }
}
