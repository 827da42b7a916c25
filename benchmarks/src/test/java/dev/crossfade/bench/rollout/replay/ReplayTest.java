package dev.crossfade.bench.rollout.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.rollout.workload.Call;
import dev.crossfade.bench.rollout.workload.Statement;
import dev.crossfade.bench.rollout.workload.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
  /** One statement, which some numbers take long to make: as a stalled server would. */
  private record Stalling(long stalledAt, long millis) implements Workload {
    @Override
    public String source() {
      return "test";
    }

    @Override
    public List<Statement> statements() {
      return List.of(new Statement("select ?4", 1));
    }

    @Override
    public List<Call> transaction(long number) {
      if (number == stalledAt) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
      }
      return List.of(new Call(0, "SELECT 1", List.of()));
    }

    @Override
    public double coverage() {
      return 1;
    }

    @Override
    public List<String> remarks() {
      return List.of();
    }

    @Override
    public boolean writes() {
      return false;
    }
  }

  @Test
  void whatIsDueDuringAStallCountsAsLate() throws Exception {
    try (Replay replay = Replay.open(Way.NOWHERE, new Stalling(20, 300), 1)) {
      Turn turn = replay.turn(new Pace(100, Duration.ofSeconds(1), 0, 1));
      long all = turn.transactions().getTotalCount();
      assertThat(all).isBetween(60L, 140L);
      // About 30 were due in the 300 ms, and waited for 150 ms on average.
      assertThat(turn.transactions().getValueAtPercentile(85)).isGreaterThan(50_000);
      assertThat(turn.statement(0).quantile(0.99)).isLessThan(50_000);
      assertThat(turn.failed()).isZero();
    }
  }

  @Test
  void whoIsHopelesslyBehindGivesUp() throws Exception {
    try (Replay replay = Replay.open(Way.NOWHERE, new Stalling(5, 5_200), 1)) {
      Turn turn = replay.turn(new Pace(200, Duration.ofMillis(500), 0, 1));
      assertThat(turn.abandoned()).isPositive();
      assertThat(turn.transactions().getTotalCount()).isBetween(1L, 20L);
    }
  }

  @Test
  void dueTimesAreTheSameForTheSameSeedAndAsManyAsAskedFor() {
    Pace pace = new Pace(500, Duration.ofSeconds(4), 0, 7);
    assertThat(pace.dues()).isEqualTo(pace.dues()).isSorted();
    assertThat(pace.dues().length).isBetween(1_800, 2_200);
    assertThat(new Pace(500, Duration.ofSeconds(4), 0, 8).dues()).isNotEqualTo(pace.dues());
  }
}
