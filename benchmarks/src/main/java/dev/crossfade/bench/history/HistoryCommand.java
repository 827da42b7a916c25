package dev.crossfade.bench.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how the figures moved that benchmarks have left with --out: a table, and a page of"
          + " charts in history.html of the same folder."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench history --results benchmarks/results")
public final class HistoryCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "benchmarks/results",
      description = "What benchmarks were given as --out. Default: ${DEFAULT-VALUE}")
  private Path results = Path.of("benchmarks/results");

  @Override
  public Integer call() {
    try {
      List<Measured> all = History.of(results).read();
      if (all.isEmpty()) {
        System.err.println(
            "bench history: no benchmark has left figures in "
                + results
                + "; crossfade bench overhead --out "
                + results
                + " would");
        return FAILED;
      }
      HistoryPage page = new HistoryPage(all);
      System.out.print(page.table());
      Results.in(results).page("history.html", page.html());
      System.out.println("charts: " + results.resolve("history.html"));
      return 0;
    } catch (IOException e) {
      System.err.println("bench history: " + e.getMessage());
      return FAILED;
    }
  }
}
