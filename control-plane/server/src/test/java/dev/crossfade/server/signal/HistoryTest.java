package dev.crossfade.server.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.SideSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant BEGIN = Instant.parse("2026-11-22T10:00:00Z");

  private final History history = new History(BEGIN);

  private static Sums answers(long count) {
    Sums sums = new Sums();
    sums.add(
        MigrationSignals.newBuilder().setOnOld(SideSignals.newBuilder().setAnswers(count)).build());
    return sums;
  }

  private Instant seconds(int from, int to) {
    for (int second = from; second <= to; second++) {
      history.add(BEGIN.plusSeconds(second), answers(1), OptionalLong.of(second));
    }
    return BEGIN.plusSeconds(to);
  }

  @Test
  void aWindowHoldsWhatCameInIt() {
    Instant now = seconds(1, 300);
    assertThat(history.window(now, Duration.ofSeconds(10)).sums().answersOnOld()).isEqualTo(10);
    History.Window all = history.window(now, Duration.ofHours(1));
    assertThat(all.sums().answersOnOld()).isEqualTo(300);
    assertThat(all.length()).isEqualTo(Duration.ofSeconds(300));
  }

  @Test
  void whatIsOlderThanTenMinutesIsKeptByMinutesAndNothingIsCountedTwice() {
    Instant now = seconds(1, 7_200);
    assertThat(history.window(now, Duration.ofHours(3)).sums().answersOnOld()).isEqualTo(7_200);
    assertThat(history.window(now, Duration.ofMinutes(10)).sums().answersOnOld()).isEqualTo(600);
    long hour = history.window(now, Duration.ofHours(1)).sums().answersOnOld();
    assertThat(hour).isBetween(3_600L, 3_660L);
  }

  @Test
  void itForgetsAfterADay() {
    Instant now = seconds(1, 60);
    for (int hour = 1; hour <= 30; hour++) {
      now = BEGIN.plus(Duration.ofHours(hour));
      history.add(now, answers(1), OptionalLong.empty());
    }
    assertThat(history.window(now, Duration.ofDays(3)).sums().answersOnOld()).isBetween(24L, 25L);
  }

  @Test
  void pointsAreEqualStepsThatAddUpToTheWindow() {
    Instant now = seconds(1, 60);
    List<History.Point> points = history.points(now, Duration.ofSeconds(60), 6);
    assertThat(points).hasSize(6);
    assertThat(points).allMatch(point -> point.sums().answersOnOld() == 10);
    assertThat(points.getLast().end()).isEqualTo(now);
    assertThat(points.getLast().lagMillis()).hasValue(60);
    assertThat(history.points(now, Duration.ofSeconds(5), 600)).hasSize(5);
    assertThat(history.points(now, Duration.ofSeconds(5), 0)).isEmpty();
  }

  @Test
  void anIdleTimeTakesNoRoomAndHasPoints() {
    Instant now = BEGIN.plusSeconds(100);
    history.add(now, new Sums(), OptionalLong.empty());
    assertThat(history.points(now, Duration.ofSeconds(10), 2))
        .allMatch(point -> point.sums().isEmpty() && point.lagMillis().isEmpty());
  }
}
