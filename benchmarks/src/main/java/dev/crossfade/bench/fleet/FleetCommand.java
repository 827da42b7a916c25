package dev.crossfade.bench.fleet;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench fleet}. */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Connects many simulated sidecars to one control plane: how soon a change of the percentage"
          + " reaches all, and what it costs when each reports every second.",
      "Ends with 1 when a change takes longer than 500 ms (99 of 100), or the reports cost more"
          + " than one core or 512 MiB."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench fleet --out benchmarks/results")
public final class FleetCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final double MOST_MILLIS = 500;
  private static final double MOST_CORES = 1;
  private static final double MOST_MEBIBYTES = 512;

  @Option(
      names = "--told",
      paramLabel = "N",
      defaultValue = "200",
      description = "Sidecars that changes are to reach. Default: ${DEFAULT-VALUE}")
  private int told = 200;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "100",
      description = "Default: ${DEFAULT-VALUE}")
  private int changes = 100;

  @Option(
      names = "--reporting",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Sidecars that report. Default: ${DEFAULT-VALUE}")
  private int reporting = 1_000;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long that is measured. Default: ${DEFAULT-VALUE}")
  private int seconds = 60;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write fleet.md there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    System.out.println("starting a control plane and " + told + " sidecars");
    try (FleetRun run = new FleetRun()) {
      run.fleet().grow(told);
      // The first ones are the virtual machine's.
      run.change(5).reset();
      Histogram delays = run.change(changes).copy();
      System.out.println("connecting " + (reporting - told) + " more");
      run.fleet().grow(reporting);
      run.cost(Duration.ofSeconds(Math.clamp(seconds / 2, 2, 20)));
      FleetRun.Cost cost = run.cost(Duration.ofSeconds(seconds));
      return report(delays, cost) ? 0 : FAILED;
    } catch (IOException | RuntimeException e) {
      System.err.println("bench fleet: " + e);
      return FAILED;
    }
  }

  private boolean report(Histogram delays, FleetRun.Cost cost) throws IOException {
    double p99 = delays.getValueAtPercentile(99) / 1_000.0;
    boolean soon = p99 <= MOST_MILLIS;
    boolean cheap = cost.cores() <= MOST_CORES && cost.mebibytes() <= MOST_MEBIBYTES;
    boolean whole = cost.counted() >= 0.95 * cost.reports();
    String text =
        """
        # A fleet

        Simulated sidecars, each with a connection of its own, on one control plane whose database is elsewhere. Made by `crossfade bench fleet`.

        - %s
        - %,d changes of the percentage, from the call to each of %,d sidecars: median **%.1f ms**, 99 of 100 within **%.1f ms**, the last after %.1f ms: %s
        - %,d sidecars report every second, of two migrations with %d statements each: **%.2f cores** and **%.0f MiB** (the bars: 1 core, 512 MiB): %s
        - %,d reports came in %,d s, and %,d are in the totals: %s
        """
            .formatted(
                Machine.inOneLine(),
                changes,
                told,
                delays.getValueAtPercentile(50) / 1_000.0,
                p99,
                delays.getMaxValue() / 1_000.0,
                verdict(soon),
                reporting,
                Reports.QUERIES,
                cost.cores(),
                cost.mebibytes(),
                verdict(cheap),
                cost.reports(),
                seconds,
                cost.counted(),
                verdict(whole));
    System.out.println(text);
    Path folder = out;
    if (folder != null) {
      Results.in(folder)
          .page("fleet.md", text)
          .figures(
              "fleet",
              Map.of(
                  "a change to all sidecars, p99 ms", p99,
                  "cores", cost.cores(),
                  "MiB", cost.mebibytes()));
    }
    return soon && cheap && whole;
  }

  private static String verdict(boolean passed) {
    return passed ? "pass" : "FAIL";
  }
}
