package dev.crossfade.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReconnectBackoffTest {
  private static final Duration MIN = Duration.ofMillis(200);
  private static final Duration MAX = Duration.ofSeconds(5);

  @Test
  void pausesDoubleUpToTheMaximumAndKeepToTheUpperHalfOfTheirStep() {
    for (long seed = 0; seed < 200; seed++) {
      ReconnectBackoff backoff = new ReconnectBackoff(MIN, MAX, new Random(seed));
      Duration step = MIN;
      for (int i = 0; i < 50; i++) {
        assertThat(backoff.next())
            .as("seed %s, pause %s", seed, i)
            .isBetween(step.dividedBy(2), step);
        step = step.multipliedBy(2).compareTo(MAX) > 0 ? MAX : step.multipliedBy(2);
      }
    }
  }

  @Test
  void afterAResetTheyBeginAnew() {
    ReconnectBackoff backoff = new ReconnectBackoff(MIN, MAX, new Random(1));
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(MIN);
  }

  @Test
  void manySidecarsDoNotComeBackAtOnce() {
    // Neighbouring seeds of java.util.Random begin alike; this generator mixes its seed.
    Set<Long> pauses = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      pauses.add(new ReconnectBackoff(MIN, MAX, new SplittableRandom(seed)).next().toMillis());
    }
    assertThat(pauses).hasSizeGreaterThan(30);
  }
}
