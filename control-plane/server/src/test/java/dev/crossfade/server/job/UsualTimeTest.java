package dev.crossfade.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UsualTimeTest {
  private static final double FACTOR = 3;

  private final UsualTime time = new UsualTime();
  private long now;

  private Optional<UsualTime.Slow> add(int seconds, double millis) {
    for (int i = 0; i < seconds; i++) {
      now += TimeUnit.SECONDS.toNanos(1);
      time.add(now, millis);
    }
    return time.slow(FACTOR);
  }

  @Test
  void theFirstSecondsSayNothing() {
    assertThat(time.slow(FACTOR)).isEmpty();
    assertThat(add(4, 500)).isEmpty();
    assertThat(add(1, 500)).isEmpty();
  }

  @Test
  void whatTakesLongerForMostOfTheLatestIsSlowUntilItDoesNot() {
    assertThat(add(10, 1)).isEmpty();
    assertThat(add(2, 30)).isEmpty();
    assertThat(add(1, 30)).contains(new UsualTime.Slow(30, 1));
    assertThat(add(2, 1)).isPresent();
    assertThat(add(1, 1)).isEmpty();
  }

  @Test
  void aFewTimesAlmostNothingIsStillNothing() {
    add(10, 0.1);
    assertThat(add(10, 1.9)).isEmpty();
    assertThat(add(10, 2.2)).isPresent();
  }

  @Test
  void lessThanTheFactorIsRight() {
    add(10, 10);
    assertThat(add(10, 30)).isEmpty();
    assertThat(add(10, 30.1)).isPresent();
  }

  @Test
  void whatStaysSlowBecomesUsual() {
    add(10, 1);
    assertThat(add(600, 20)).isPresent();
    assertThat(add(10, 20)).isEmpty();
    assertThat(add(10, 100)).contains(new UsualTime.Slow(100, 20));
  }
}
