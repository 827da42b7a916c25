package dev.crossfade.bench.soak;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.bench.soak.SoakRun.Outcome;
import dev.crossfade.bench.soak.SoakRun.Plan;
import dev.crossfade.bench.soak.SoakRun.Population;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench soak}. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Proves that every answer belongs to its question, and that memory stays flat.",
      "",
      "Asks millions of queries whose answers say which question they answer, half of the reads on"
          + " new,",
      "while queries are cancelled, connections broken and results read slowly.",
      "Ends with 1 on a wrong answer, on an error that none of this explains, and when memory,"
          + " file",
      "descriptors or connections grow over the run or are left at its end."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade bench soak --out benchmarks/results",
      "  crossfade bench soak --queries 1000000 --cancel-share 0.05 --seed 7"
    })
public final class SoakCommand implements Callable<Integer> {
  private static final int CUSTOMERS = 100_000;
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int MOST_CONNECTIONS = 350;
  private static final int MOST_SECONDS = 7 * 24 * 3600;

  @Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "How many answers to wait for. Default: ${DEFAULT-VALUE}")
  private long queries = 10_000_000;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "64",
      description = "Default: ${DEFAULT-VALUE}")
  private int connections = 64;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3600",
      description = "Ends the load even if there were fewer queries. Default: ${DEFAULT-VALUE}")
  private int seconds = 3600;

  @Option(
      names = "--cancel-share",
      paramLabel = "SHARE",
      defaultValue = "0.004",
      description = "Of the batches; a batch has 9 queries on average. Default: ${DEFAULT-VALUE}")
  private double cancelShare = 0.004;

  @Option(
      names = "--disconnect-share",
      paramLabel = "SHARE",
      defaultValue = "0.002",
      description =
          "Of the batches; as many are read slowly beside these. Default: ${DEFAULT-VALUE}")
  private double disconnectShare = 0.002;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the questions and of what happens to them. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write soak.md and soak.json there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    if (queries < 1
        || connections < 1
        || connections > MOST_CONNECTIONS
        || seconds < 1
        || seconds > MOST_SECONDS
        || !isShare(cancelShare)
        || !isShare(disconnectShare)
        || cancelShare + 2 * disconnectShare > 1) {
      System.err.printf(
          "--queries: 1 or more, --connections: 1 to %d, --seconds: 1 to %d, shares: 0 to 1, the"
              + " cancelled and twice the disconnected together at most 1%n",
          MOST_CONNECTIONS, MOST_SECONDS);
      return USAGE;
    }
    System.out.printf("seed %d; starting two PostgreSQL servers and filling them%n", seed);
    Plan plan =
        new Plan(
            queries,
            connections,
            Duration.ofSeconds(seconds),
            new Chaos.Shares(cancelShare, disconnectShare),
            new Population(seed, CUSTOMERS));
    try {
      Outcome outcome = new SoakRun(plan, System.out).run();
      Verdict verdict = Verdict.of(outcome);
      SoakReport report = new SoakReport(outcome, verdict, conditions(outcome));
      System.out.println("\n" + report.markdown());
      write(report);
      return verdict.isGood() ? 0 : FAILED;
    } catch (SQLException | IOException | RuntimeException e) {
      System.err.println("bench soak: " + e.getMessage());
      return FAILED;
    }
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  private List<String> conditions(Outcome outcome) throws IOException {
    List<String> conditions = new ArrayList<>();
    conditions.add(
        "%,d answers in %.0f s over %d connections, seed %d, cancel share %s, disconnect share %s"
            .formatted(
                outcome.tally().answers(),
                outcome.took().toNanos() / 1e9,
                connections,
                seed,
                cancelShare,
                disconnectShare));
    conditions.addAll(Machine.described());
    conditions.add(Machine.postgresql());
    return conditions;
  }

  private void write(SoakReport report) throws IOException {
    Path folder = out;
    if (folder != null) {
      Results.in(folder).page("soak.md", report.markdown()).page("soak.json", report.json());
    }
  }
}
