package dev.crossfade.bench.writes;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench writes}. */
@Command(
    name = "writes",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Proves that a translated write does on new what the original does on old.",
      "",
      "Sessions write at once in the old shape what random chooses, on new as it is translated;",
      "then old gets the originals in the order of the commits. Tags, counts, rows of RETURNING"
          + " and",
      "SQLSTATEs have to be the same, and all rows in the end.",
      "Ends with 1 when they are not, and when fewer than 95 % of the writes were translated."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade bench writes --out benchmarks/results",
      "  crossfade bench writes --statements 500 --seed 7 --sessions 2"
    })
public final class WritesCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int MOST_STATEMENTS = 99_999;
  private static final int MOST_SESSIONS = 32;

  @Option(
      names = "--statements",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Of all sessions together. Default: ${DEFAULT-VALUE}")
  private int statements = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the statements. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "8",
      description = "Default: ${DEFAULT-VALUE}")
  private int sessions = 8;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write writes.md and writes.json there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    if (statements < 1 || statements > MOST_STATEMENTS) {
      System.err.printf("--statements: 1 to %,d%n", MOST_STATEMENTS);
      return USAGE;
    }
    if (sessions < 1 || sessions > MOST_SESSIONS) {
      System.err.printf("--sessions: 1 to %d%n", MOST_SESSIONS);
      return USAGE;
    }
    System.out.printf("seed %d; starting a PostgreSQL server with two databases%n", seed);
    long start = System.nanoTime();
    try {
      Tally tally = new WritesRun(statements, seed, sessions, System.out).run();
      WritesReport report =
          new WritesReport(tally, seed, conditions((System.nanoTime() - start) / 1e9));
      System.out.println("\n" + report.markdown());
      write(report);
      return Bar.isMet(tally) ? 0 : FAILED;
    } catch (SQLException | IOException | RuntimeException e) {
      System.err.println("bench writes: " + e.getMessage());
      return FAILED;
    }
  }

  private List<String> conditions(double seconds) throws IOException {
    return List.of(
        String.format(
            Locale.ROOT,
            "`./crossfade bench writes --statements %d --seed %d --sessions %d`, in %.0f s",
            statements,
            seed,
            sessions,
            seconds),
        Machine.inOneLine());
  }

  private void write(WritesReport report) throws IOException {
    Path folder = out;
    if (folder != null) {
      Results.in(folder).page("writes.md", report.markdown()).page("writes.json", report.json());
    }
  }
}
