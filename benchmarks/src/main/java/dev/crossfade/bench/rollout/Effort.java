package dev.crossfade.bench.rollout;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** How much is asked, for how long, and what is enough. */
final class Effort {
  private static final int SESSIONS_MAX = 500;
  private static final double RATE_MAX = 100_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Transactions a second. Default: ${DEFAULT-VALUE}")
  private double rate = 50;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description = "Connections at once, as the service has them. Default: ${DEFAULT-VALUE}")
  private int sessions = 8;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Of each way in each round. Default: ${DEFAULT-VALUE}")
  private double seconds = 10;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "All ways in turn; medians count. Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--reads",
      paramLabel = "PERCENT",
      split = ",",
      description = "Shares of reads to measure beside 0 and 100. Default: 50")
  private List<Integer> reads = List.of(50);

  @Option(
      names = "--knee-steps",
      paramLabel = "N",
      description =
          "How many higher rates are tried at most, each half as much again; 0: none. Default:"
              + " ${DEFAULT-VALUE}")
  private int kneeSteps = 6;

  @Option(
      names = "--headroom",
      paramLabel = "X",
      description = "How many times the rate new must keep. Default: ${DEFAULT-VALUE}")
  private double headroom = Terms.USUAL.headroom();

  @Option(
      names = "--p99",
      paramLabel = "MS",
      description = "A rate is kept when 99 of 100 end within this. Default: ${DEFAULT-VALUE}")
  private double p99 = Terms.USUAL.p99Millis();

  @Option(
      names = "--slower",
      paramLabel = "X",
      description =
          "A statement is slower when its median is more than so many times as long. Default:"
              + " ${DEFAULT-VALUE}")
  private double slower = Terms.USUAL.ratio();

  @Option(
      names = "--coverage",
      paramLabel = "SHARE",
      description = "What share of the workload must have been measured. Default: ${DEFAULT-VALUE}")
  private double coverage = Terms.USUAL.coverage();

  @Option(names = "--seed", paramLabel = "N", description = "Of all that is drawn. Default: 1")
  private long seed = 1;

  void check() {
    range("--rate", rate, 0.1, RATE_MAX);
    range("--sessions", sessions, 1, SESSIONS_MAX);
    range("--seconds", seconds, 0.5, 3_600);
    range("--rounds", rounds, 1, 100);
    range("--knee-steps", kneeSteps, 0, 20);
    range("--headroom", headroom, 0, 1_000);
    range("--p99", p99, 0.1, 600_000);
    range("--slower", slower, 1, 1_000);
    range("--coverage", coverage, 0, 1);
    range("--reads: how many", reads.size(), 0, 8);
    for (int percent : reads) {
      range("--reads", percent, 0, 100);
    }
  }

  private static void range(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          option
              + ": "
              + shown(least)
              + " to "
              + shown(most)
              + " is possible, not "
              + shown(value));
    }
  }

  private static String shown(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  long seed() {
    return seed;
  }

  Settings settings() {
    return new Settings(
        rate,
        sessions,
        Duration.ofMillis(Math.round(seconds * 1_000)),
        rounds,
        reads.stream().distinct().sorted().toList(),
        kneeSteps,
        seed,
        new Terms(
            slower, Terms.USUAL.micros(), Terms.USUAL.significance(), headroom, p99, coverage));
  }
}
