package dev.crossfade.bench.jmh;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** How every benchmark of JMH here is run: quietly, each measurement as long as its warm-up. */
public final class JmhRun {
  public static final int WARM_UPS = 5;
  public static final int MEASUREMENTS = 5;

  private JmhRun() {}

  /** Runs all benchmarks of a class in a JVM of its own. */
  public static Collection<RunResult> of(Class<?> benchmark, int seconds) throws RunnerException {
    TimeValue time = TimeValue.seconds(seconds);
    return new Runner(
            new OptionsBuilder()
                .include(benchmark.getName())
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(time)
                .measurementIterations(MEASUREMENTS)
                .measurementTime(time)
                .verbosity(VerboseMode.SILENT)
                .build())
        .run();
  }

  /** The conditions in a sentence. */
  public static String described(int seconds) {
    return "JMH, one fork, %d measurements of %d s after %d to warm up"
        .formatted(MEASUREMENTS, seconds, WARM_UPS);
  }
}
