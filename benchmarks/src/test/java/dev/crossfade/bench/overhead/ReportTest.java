package dev.crossfade.bench.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.overhead.Figures.Figure;
import dev.crossfade.bench.overhead.Figures.Key;
import dev.crossfade.bench.overhead.Figures.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Figures figures = new Figures();

  @Test
  void latenciesAreComparedWithTheFirstContender() {
    figures.announce(Section.LATENCY, "direct");
    latency("Crossfade", 48.26, 90);
    latency("direct", 40, 80);
    figures.add(new Key(Section.LATENCY, "simple", "Crossfade", Figure.CPU_MICROS), 7.25);
    assertThat(new Report(figures, List.of("on a quiet machine")).markdown())
        .contains("- on a quiet machine\n")
        .contains(
            "| direct | 40.0 |  | 80.0 |  |  |\n"
                + "| Crossfade | 48.3 | +8.3 | 90.0 | +10.0 | 7.3 |\n");
  }

  @Test
  void ratesAreGivenAsAShareOfTheDirectOne() {
    figures.add(
        new Key(Section.THROUGHPUT, "simple, 8 clients", "direct", Figure.PER_SECOND), 20_000);
    figures.add(
        new Key(Section.THROUGHPUT, "simple, 8 clients", "Crossfade", Figure.PER_SECOND), 15_000);
    assertThat(new Report(figures, List.of()).markdown()).contains("| Crossfade | 15,000 (75 %) |");
  }

  @Test
  void theJsonHoldsEveryRound() {
    Key key = new Key(Section.STARTUP, "process", "a \"quoted\" name", Figure.START_MILLIS);
    figures.add(key, 2);
    figures.add(key, 4);
    assertThat(new Report(figures, List.of()).json())
        .contains("\"contender\": \"a \\\"quoted\\\" name\"")
        .contains("\"median\": 3.000, \"rounds\": [2.000, 4.000]");
  }

  private void latency(String contender, double p50, double p99) {
    figures.add(new Key(Section.LATENCY, "simple", contender, Figure.P50_MICROS), p50);
    figures.add(new Key(Section.LATENCY, "simple", contender, Figure.P99_MICROS), p99);
  }
}
