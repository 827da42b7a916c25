package dev.crossfade.server.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
  @Test
  void theNewestValueIsAtTheRightAndTheHighestBelowTheTop() {
    List<Chart.Line> lines = List.of(new Chart.Line("old", List.of(0.0, 10.0)));
    double top = Chart.top(lines);
    assertThat(top).isEqualTo(11.0);
    assertThat(Chart.svg(lines, top, 3))
        .contains("class=\"line old\" d=\"M300.0 119.0L600.0 11.7\"")
        .doesNotContain("style=");
  }

  @Test
  void whereNothingWasMeasuredThereIsAGap() {
    Chart.Line line = new Chart.Line("new", Arrays.asList(1.0, null, 1.0, 1.0));
    assertThat(Chart.svg(List.of(line), 1, 4)).contains("M0.0 1.0M400.0 1.0L600.0 1.0");
  }

  @Test
  void withoutValuesThereIsNoLine() {
    Chart.Line line = new Chart.Line("new", List.of());
    assertThat(Chart.top(List.of(line))).isZero();
    assertThat(Chart.svg(List.of(line), 0, 4)).contains("class=\"line new\" d=\"\"");
    assertThat(Chart.svg(List.of(new Chart.Line("new", List.of(0.0))), 0, 4)).contains("d=\"\"");
  }

  @Test
  void itShowsAsManyAsThereIsRoomFor() {
    Chart.Line line = new Chart.Line("new", List.of(9.0, 9.0, 1.0, 1.0));
    assertThat(Chart.svg(List.of(line), 1, 2)).contains("d=\"M0.0 1.0L600.0 1.0\"");
  }
}
