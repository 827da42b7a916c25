package dev.crossfade.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.demo.Measurement.Latency;
import dev.crossfade.bench.demo.Schedule.Step;
import dev.crossfade.bench.load.Tally;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void aStepWaitsForSoManyReadsThatChanceDoesNotFailIt() {
    assertThat(new Step(0).enoughReads()).isEqualTo(10_000);
    assertThat(new Step(100).enoughReads()).isEqualTo(10_000);
    assertThat(new Step(10).enoughReads()).isEqualTo(18_225);
    assertThat(new Step(50).enoughReads()).isEqualTo(50_625);
  }

  @Test
  void bothSchedulesBeginAndEndWithEveryReadOnOld() {
    for (Schedule schedule : new Schedule[] {Schedule.quick(), Schedule.thorough()}) {
      assertThat(schedule.steps())
          .startsWith(new Step(0))
          .endsWith(new Step(0))
          .contains(new Step(1), new Step(10), new Step(50), new Step(100));
    }
  }

  @Test
  void aShareMoreThanAPointOffDoesNotHold() {
    assertThat(measured(50, new Split(5_100, 4_900, 0)).shareHolds()).isTrue();
    assertThat(measured(50, new Split(5_101, 4_899, 0)).shareHolds()).isFalse();
    assertThat(measured(0, new Split(101, 9_899, 0)).shareHolds()).isFalse();
  }

  @Test
  void fewReadsSayNothingAboutAShare() {
    assertThat(measured(50, new Split(10, 0, 0)).shareHolds()).isTrue();
  }

  private static Measurement measured(int percent, Split split) {
    return new Measurement(
        percent, 1, split, new Tally.Counts(0, 0, 0, 0), Latency.UNKNOWN, Latency.UNKNOWN);
  }
}
