package dev.crossfade.bench.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void theLongestIsToldWithWhatTheMoveHadComeTo() {
    Waits waits = new Waits();
    waits.begin();
    waits.reached("closed");
    long now = System.nanoTime();
    waits.took(new Waits.Wait(1, true, now, now + SECOND));
    waits.took(new Waits.Wait(2, false, now - 4 * SECOND, now + SECOND));
    waits.took(new Waits.Wait(3, true, now, now + 2 * SECOND));
    Waits.Longest longest = waits.take();
    assertThat(longest.micros()).isEqualTo(5_000_000);
    assertThat(longest.account())
        .startsWith("5000 ms: client 2, a transaction, from begun-")
        .contains(" to closed+100");
  }

  @Test
  void whatWasBeforeAMoveIsForgotten() {
    Waits waits = new Waits();
    waits.begin();
    long now = System.nanoTime();
    waits.took(new Waits.Wait(1, true, now, now + SECOND));
    waits.begin();
    assertThat(waits.take().micros()).isZero();
  }
}
