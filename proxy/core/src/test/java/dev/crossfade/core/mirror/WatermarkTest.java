package dev.crossfade.core.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatermarkTest {
  private final Watermark watermark = new Watermark(() -> {});

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
