package dev.crossfade.bench.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** The same as {@code bench fleet} with a small fleet, in as many seconds as a build has. */
class FleetIT {
  private static final int SIDECARS = 50;
  private static final int CHANGES = 10;

  @Test
  void aChangeReachesTheFleetAndEveryReportIsCounted() {
    try (FleetRun run = new FleetRun()) {
      run.fleet().grow(SIDECARS);
      Histogram delays = run.change(CHANGES);
      assertThat(delays.getTotalCount()).isEqualTo(SIDECARS * CHANGES);
      assertThat(delays.getMaxValue()).isLessThan(Duration.ofSeconds(10).toNanos() / 1_000);
      FleetRun.Cost cost = run.cost(Duration.ofSeconds(5));
      assertThat(cost.reports()).isGreaterThan(2 * SIDECARS);
      assertThat(cost.counted()).isBetween(cost.reports() / 2, cost.reports() * 2);
      assertThat(cost.mebibytes()).isLessThan(512);
    }
  }
}
