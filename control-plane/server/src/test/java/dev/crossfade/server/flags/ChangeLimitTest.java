package dev.crossfade.server.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ChangeLimitTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
  private final ChangeLimit limit = new ChangeLimit(now::get);

  private void later(long seconds) {
    now.set(now.get().plusSeconds(seconds));
  }

  @Test
  void aMigrationIsChangedThirtyTimesAMinuteAtMost() {
    for (int change = 0; change < 30; change++) {
      assertThat(limit.admits("orders")).as("change %d", change).isTrue();
      later(1);
    }
    assertThat(limit.admits("orders")).isFalse();
    assertThat(limit.admits("others")).as("each has its own").isTrue();
    later(31);
    assertThat(limit.admits("orders")).as("the first one is a minute ago").isTrue();
    assertThat(limit.admits("orders")).isFalse();
  }
}
