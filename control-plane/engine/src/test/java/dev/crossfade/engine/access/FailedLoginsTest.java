package dev.crossfade.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final FailedLogins logins = new FailedLogins(3, now::get);

  private int worthALook(String address, int tries) {
    int count = 0;
    for (int i = 0; i < tries; i++) {
      if (logins.failed(address)) {
        count++;
      }
    }
    return count;
  }

  @Test
  void someFailAtOnceAndThenOneEveryFewSeconds() {
    assertThat(worthALook("a", 100)).isEqualTo(20);
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(worthALook("a", 100)).isEqualTo(1);
    now.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(worthALook("a", 100)).isEqualTo(2);
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(worthALook("a", 100)).isEqualTo(20);
  }

  @Test
  void oneAddressDoesNotCountForAnother() {
    assertThat(worthALook("a", 100)).isEqualTo(20);
    assertThat(worthALook("b", 20)).isEqualTo(20);
  }

  @Test
  void theTableIsBoundedAndForgetsWhoIsQuiet() {
    for (String address : new String[] {"a", "b", "c", "a", "d"}) {
      assertThat(logins.failed(address)).isTrue();
    }
    assertThat(logins.size()).isEqualTo(3);
    assertThat(worthALook("b", 100)).isEqualTo(20);
    assertThat(worthALook("d", 100)).isEqualTo(19);
  }
}
