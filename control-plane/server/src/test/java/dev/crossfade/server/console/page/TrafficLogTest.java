package dev.crossfade.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Sidecar;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TrafficLogTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final TrafficLog log = new TrafficLog(now::get);

  private static Sidecar sidecar(String instance, long onOld, long onNew) {
    return Sidecar.newBuilder()
        .setService("shop")
        .setInstance(instance)
        .setRoutedOld(onOld)
        .setRoutedNew(onNew)
        .build();
  }

  private List<TrafficLog.Sample> after(int seconds, Sidecar... sidecars) {
    now.updateAndGet(before -> before.plusSeconds(seconds));
    return log.seen(List.of(sidecars));
  }

  @Test
  void whatTheCountsHaveGrownByIsTheTraffic() {
    assertThat(after(0, sidecar("a", 100, 0), sidecar("b", 5, 5))).isEmpty();
    assertThat(after(1, sidecar("a", 110, 0))).isEmpty();
    assertThat(after(9, sidecar("a", 400, 100), sidecar("b", 5, 105)))
        .containsExactly(new TrafficLog.Sample(30, 20));
    assertThat(new TrafficLog.Sample(30, 20).newPercent()).isEqualTo(40);
    assertThat(new TrafficLog.Sample(0, 0).newPercent()).isZero();
  }

  @Test
  void aSidecarThatHasStartedAnewCountsFromThere() {
    after(0, sidecar("a", 1_000, 1_000));
    assertThat(after(10, sidecar("a", 10, 0), sidecar("new", 500, 0)))
        .containsExactly(new TrafficLog.Sample(0, 0));
    assertThat(after(10, sidecar("a", 20, 10), sidecar("new", 500, 0)))
        .endsWith(new TrafficLog.Sample(1, 1));
  }

  @Test
  void afterALongTimeWithoutALookItBeginsAnew() {
    after(0, sidecar("a", 0, 0));
    assertThat(after(10, sidecar("a", 10, 0))).hasSize(1);
    assertThat(after(31, sidecar("a", 1_000, 0))).isEmpty();
    assertThat(after(5, sidecar("a", 1_005, 0))).containsExactly(new TrafficLog.Sample(1, 0));
  }

  @Test
  void itKeepsNoMoreThanAChartShows() {
    for (int i = 0; i <= TrafficLog.SAMPLES_MAX + 20; i++) {
      assertThat(after(5, sidecar("a", 5L * i, 0)))
          .hasSizeLessThanOrEqualTo(TrafficLog.SAMPLES_MAX);
    }
    assertThat(after(5, sidecar("a", 5_000, 0))).hasSize(TrafficLog.SAMPLES_MAX);
  }
}
