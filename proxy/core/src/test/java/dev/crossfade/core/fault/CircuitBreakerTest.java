package dev.crossfade.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Starts near the end of the range, as System.nanoTime() may. */
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

  private final CircuitBreaker circuit = new CircuitBreaker(3, PAUSE, clock::get);

  private void open() {
    for (int i = 0; i < 3; i++) {
      circuit.failed();
    }
    assertThat(circuit.isOpen()).isTrue();
  }

  @Test
  void opensAfterFailuresInARow() {
    circuit.failed();
    circuit.failed();
    circuit.succeeded();
    circuit.failed();
    circuit.failed();
    assertThat(circuit.isOpen()).isFalse();
    assertThat(circuit.tryAcquire()).isTrue();
    circuit.failed();
    assertThat(circuit.isOpen()).isTrue();
    assertThat(circuit.tryAcquire()).isFalse();
  }

  @Test
  void letsOneProbeThroughAfterThePause() {
    open();
    clock.addAndGet(PAUSE.toNanos() - 1);
    assertThat(circuit.tryAcquire()).isFalse();
    clock.addAndGet(1);
    assertThat(circuit.tryAcquire()).isTrue();
    assertThat(circuit.tryAcquire()).as("while the probe is out").isFalse();
    circuit.failed();
    clock.addAndGet(PAUSE.toNanos() - 1);
    assertThat(circuit.tryAcquire()).as("after a failed probe").isFalse();
    clock.addAndGet(1);
    assertThat(circuit.tryAcquire()).isTrue();
    circuit.succeeded();
    assertThat(circuit.isOpen()).isFalse();
    assertThat(circuit.tryAcquire()).isTrue();
  }

  @Test
  void aProbeThatNeverReportsIsReplacedAfterAnotherPause() {
    open();
    clock.addAndGet(PAUSE.toNanos());
    assertThat(circuit.tryAcquire()).isTrue();
    clock.addAndGet(PAUSE.toNanos());
    assertThat(circuit.tryAcquire()).isTrue();
  }

  @Test
  void ofManyCallersOneIsTheProbe() throws Exception {
    open();
    clock.addAndGet(PAUSE.toNanos());
    int callers = 8;
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        Callable<Boolean> call =
            () -> {
              start.await();
              return circuit.tryAcquire();
            };
        answers.add(threads.submit(call));
      }
      start.countDown();
      int let = 0;
      for (Future<Boolean> answer : answers) {
        let += answer.get() ? 1 : 0;
      }
      assertThat(let).isEqualTo(1);
    }
  }

  @Test
  void theThresholdHasBounds() {
    assertThatThrownBy(() -> new CircuitBreaker(0, PAUSE, clock::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threshold");
    CircuitBreaker first = new CircuitBreaker(1, PAUSE, clock::get);
    first.failed();
    assertThat(first.isOpen()).isTrue();
  }
}
