package dev.crossfade.server.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Listeners listeners = new Listeners();
  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void whatComesWhileItIsBeingToldIsToldOnce() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (AutoCloseable ignored =
        listeners.subscribe(
            migration -> {
              told.add(migration);
              first.countDown();
              await(goOn);
            })) {
      listeners.changed("a");
      assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 100; i++) {
        listeners.changed("a");
        listeners.changed("b");
      }
      goOn.countDown();
      Awaitility.await().atMost(SOON).until(() -> told.size() == 3);
      assertThat(told).containsExactly("a", "a", "b");
    }
    listeners.changed("c");
    assertThat(told).doesNotContain("c");
  }

  @Test
  void whoFailsIsToldTheNextTimeAgain() throws Exception {
    try (AutoCloseable ignored =
        listeners.subscribe(
            migration -> {
              told.add(migration);
              throw new IllegalStateException("on purpose");
            })) {
      listeners.changed("a");
      Awaitility.await().atMost(SOON).until(() -> told.size() == 1);
      listeners.changed("a");
      Awaitility.await().atMost(SOON).until(() -> told.size() == 2);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
