package dev.crossfade.core.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatermarkTest {
  private final AtomicLong nanos = new AtomicLong(1);
  private final Watermark watermark = new Watermark(() -> {}, nanos::get);
  private final List<String> told = new ArrayList<>();

  @Test
  void nothingHasArrivedBeforeSomebodyLooked() {
    assertThat(watermark.hasArrived(watermark.ticket())).isFalse();
  }

  @Test
  void aRoundThatBeganBeforeTheCommitSaysNothingOfIt() {
    long round = watermark.begin();
    long ticket = watermark.ticket();
    watermark.seenEmpty(round);
    assertThat(watermark.hasArrived(ticket)).isFalse();
    watermark.seenEmpty(watermark.begin());
    assertThat(watermark.hasArrived(ticket)).isTrue();
  }

  @Test
  void inOneDatabaseWhatIsCommittedHasArrivedUntilSomethingIsInTheLog() {
    watermark.whenArrived(watermark.ticket(), () -> told.add("arrived"));
    watermark.begin();
    watermark.together();
    assertThat(told).containsExactly("arrived");
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(watermark.hasArrived(watermark.ticket())).isTrue();
    assertThat(watermark.isWithin(Duration.ofMillis(1))).isTrue();
    long ticket = watermark.ticket();
    watermark.seen(watermark.begin(), 5, 9);
    assertThat(watermark.hasArrived(ticket)).isFalse();
    watermark.begin();
    watermark.together();
    assertThat(watermark.hasArrived(watermark.ticket())).isTrue();
    watermark.lost();
    assertThat(watermark.hasArrived(ticket)).isFalse();
    assertThat(watermark.isKnown()).isFalse();
  }

  @Test
  void arrivesWhenNoOlderChangeIsLeft() {
    long ticket = watermark.ticket();
    watermark.seen(watermark.begin(), 5, 9);
    long later = watermark.ticket();
    watermark.seen(watermark.begin(), 9, 12);
    assertThat(watermark.hasArrived(ticket)).isFalse();
    watermark.seen(watermark.begin(), 10, 15);
    assertThat(watermark.hasArrived(ticket)).isTrue();
    assertThat(watermark.hasArrived(later)).isFalse();
    watermark.seen(watermark.begin(), 13, 15);
    assertThat(watermark.hasArrived(later)).isTrue();
  }

  @Test
  void whoWaitsIsToldOnceAndNotBeforeItHasArrived() {
    long early = watermark.ticket();
    watermark.whenArrived(early, () -> told.add("early"));
    watermark.seen(watermark.begin(), 5, 9);
    long late = watermark.ticket();
    watermark.whenArrived(late, () -> told.add("late"));
    assertThat(told).isEmpty();
    watermark.seen(watermark.begin(), 10, 12);
    assertThat(told).containsExactly("early");
    watermark.seenEmpty(watermark.begin());
    assertThat(told).containsExactly("early", "late");
    watermark.whenArrived(late, () -> told.add("at once"));
    assertThat(told).containsExactly("early", "late", "at once");
  }

  @Test
  void whoWaitsIsToldWhenNobodyKnowsAnyMore() {
    watermark.seenEmpty(watermark.begin());
    long ticket = watermark.ticket();
    watermark.whenArrived(ticket, () -> told.add("lost"));
    watermark.lost();
    assertThat(told).containsExactly("lost");
    assertThat(watermark.hasArrived(ticket)).isFalse();
    assertThat(watermark.isOnTime()).isFalse();
  }

  @Test
  void nobodyWaitsWhileWhatSomebodyWaitedForInVainIsNotThere() {
    assertThat(watermark.isOnTime()).as("nobody has looked").isFalse();
    watermark.seenEmpty(watermark.begin());
    assertThat(watermark.isOnTime()).isTrue();
    watermark.late(watermark.ticket());
    assertThat(watermark.isOnTime()).isFalse();
    watermark.seen(watermark.begin(), 1, 3);
    assertThat(watermark.isOnTime()).isFalse();
    watermark.seenEmpty(watermark.begin());
    assertThat(watermark.isOnTime()).isTrue();
  }

  @Test
  void isBehindByTheAgeOfTheLatestRoundOfWhichAllHasArrived() {
    Duration second = Duration.ofSeconds(1);
    assertThat(watermark.isWithin(second)).isFalse();
    watermark.seenEmpty(watermark.begin());
    assertThat(watermark.isWithin(second)).isTrue();
    nanos.addAndGet(second.toNanos());
    assertThat(watermark.isWithin(second)).isTrue();
    nanos.addAndGet(1);
    assertThat(watermark.isWithin(second)).isFalse();
    watermark.seen(watermark.begin(), 5, 9);
    assertThat(watermark.isWithin(second)).as("it has found something older").isFalse();
    nanos.addAndGet(second.toNanos() / 2);
    watermark.seen(watermark.begin(), 10, 12);
    assertThat(watermark.isWithin(second)).as("what the round before had seen is there").isTrue();
    nanos.addAndGet(second.toNanos() / 2 + 1);
    assertThat(watermark.isWithin(second)).isFalse();
  }

  @Test
  void aLogThatIsNeverEmptyKeepsABoundedMemory() {
    for (int i = 0; i < 100_000; i++) {
      watermark.seen(watermark.begin(), 1, i);
    }
    long ticket = watermark.ticket();
    watermark.seen(watermark.begin(), 100_001, 100_001);
    assertThat(watermark.hasArrived(ticket)).isFalse();
    watermark.seenEmpty(watermark.begin());
    assertThat(watermark.hasArrived(ticket)).isTrue();
  }
}
