package dev.crossfade.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.mirror.Batch.Left;
import dev.crossfade.mirror.Batch.Snapshot;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FloorTest {
  private static final long NOTHING = Long.MAX_VALUE;

  private final Floor floor = new Floor();
  private final long now = System.nanoTime();

  private long next() {
    floor.next(now);
    return floor.next(now);
  }

  @Test
  void aNumberIsOneWhenAllWhoMayHaveDrawnItHaveEnded() {
    floor.seen(new Left(NOTHING, 10), new Snapshot(100, 100));
    assertThat(next()).isZero();
    floor.seen(new Left(NOTHING, 12), new Snapshot(100, 105));
    assertThat(next()).isZero();
    floor.seen(new Left(NOTHING, 13), new Snapshot(104, 107));
    assertThat(next()).as("one of them is under way").isZero();
    floor.seen(new Left(NOTHING, 13), new Snapshot(105, 107));
    assertThat(next()).isEqualTo(10);
  }

  @Test
  void whatIsLeftIsAboveIt() {
    floor.seen(new Left(NOTHING, 10), new Snapshot(100, 100));
    floor.seen(new Left(NOTHING, 10), new Snapshot(100, 100));
    floor.seen(new Left(7, 10), new Snapshot(100, 100));
    assertThat(next()).isZero();
    for (int i = 0; i < 3; i++) {
      floor.seen(new Left(11, 20), new Snapshot(100, 100));
    }
    assertThat(next()).isEqualTo(10);
    floor.seen(new Left(9, 20), new Snapshot(100, 100));
    assertThat(next()).as("it was put back").isEqualTo(8);
  }

  @Test
  void nowAndThenEverythingIsLookedAt() {
    for (int i = 0; i < 3; i++) {
      floor.seen(new Left(NOTHING, 10), new Snapshot(100, 100));
    }
    assertThat(floor.next(now + TimeUnit.HOURS.toNanos(1))).isZero();
    assertThat(floor.next(now + TimeUnit.HOURS.toNanos(1))).isEqualTo(10);
  }
}
