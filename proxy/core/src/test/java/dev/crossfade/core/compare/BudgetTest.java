package dev.crossfade.core.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void eachSecondHasItsOwn() {
    Budget budget = new Budget(3);
    for (int second = -2; second < 5; second++) {
      long now = TimeUnit.SECONDS.toNanos(second) + 5;
      for (int i = 0; i < 3; i++) {
        assertThat(budget.take(now)).isTrue();
      }
      for (int i = 0; i < 100; i++) {
        assertThat(budget.take(now)).isFalse();
      }
    }
  }

  @Test
  void placesAreLimitedInNumberAndBytes() {
    Backlog backlog = new Backlog(2, 100);
    assertThat(backlog.enter(60)).isTrue();
    assertThat(backlog.enter(60)).isFalse();
    assertThat(backlog.enter(40)).isTrue();
    assertThat(backlog.enter(0)).isFalse();
    backlog.leave(60);
    assertThat(backlog.enter(60)).isTrue();
    assertThat(backlog.count()).isEqualTo(2);
  }
}
