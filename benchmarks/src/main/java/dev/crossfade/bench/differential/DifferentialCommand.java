package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench differential}. */
@Command(
    name = "differential",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Proves that a translated read gives the same answer on new as the original on old.",
      "",
      "Generates random reads in the old shape, asks old each as it is and new as the sidecar"
          + " translates it,",
      "and compares names, types and modifiers of the columns and the bytes of all rows.",
      "With --corpus the reads are those of PostgreSQL's own regression tests.",
      "Ends with 1 on a wrong answer, and when fewer than 95 % of the reads were translated."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade bench differential --out benchmarks/results",
      "  crossfade bench differential --queries 500 --seed 7",
      "  crossfade bench differential --corpus --out benchmarks/results"
    })
public final class DifferentialCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int MOST_QUERIES = 1_000_000;

  @Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Default: ${DEFAULT-VALUE}")
  private int queries = 5000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the rows and of the reads. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(
      names = "--corpus",
      description = "Ask the SELECTs of PostgreSQL's regression tests instead of random ones.")
  private boolean corpus;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Also write differential.md and differential.json there, or corpus.md and corpus.json.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    if (queries < 1 || queries > MOST_QUERIES) {
      System.err.printf("--queries: 1 to %,d%n", MOST_QUERIES);
      return USAGE;
    }
    System.out.printf("seed %d; starting two PostgreSQL servers and filling them%n", seed);
    long start = System.nanoTime();
    try {
      return (corpus ? corpus(start) : random(start)) ? 0 : FAILED;
    } catch (SQLException | IOException | RuntimeException e) {
      System.err.println("bench differential: " + e.getMessage());
      return FAILED;
    }
  }

  private boolean random(long start) throws SQLException, IOException {
    Tally tally = new DifferentialRun(queries, seed, LensFile.splitCustomers(), System.out).run();
    DifferentialReport report =
        new DifferentialReport(tally, seed, conditions(tally, System.nanoTime() - start));
    System.out.println("\n" + report.markdown());
    write("differential", report.markdown(), report.json());
    return Bar.isMet(tally);
  }

  private boolean corpus(long start) throws SQLException, IOException {
    CorpusTally tally = new CorpusRun(Corpus.questions(), System.out).run(seed);
    String ran =
        String.format(
            Locale.ROOT,
            "%,d statements of PostgreSQL 16's regression tests in %.0f s; %,d of them were no"
                + " question",
            tally.asked(),
            (System.nanoTime() - start) / 1e9,
            tally.noQuestions().size());
    CorpusReport report = new CorpusReport(tally, List.of(ran, Machine.inOneLine()));
    System.out.println("\n" + report.markdown());
    write("corpus", report.markdown(), report.json());
    return tally.meetsBar();
  }

  private List<String> conditions(Tally tally, long nanos) throws IOException {
    List<String> conditions = new ArrayList<>();
    conditions.add(
        String.format(
            Locale.ROOT,
            "%,d statements of seed %d in %.0f s; %.1f %% of what was generated was no question,"
                + " because old refused it, too",
            tally.statements(),
            seed,
            nanos / 1e9,
            100 * tally.noQuestionShare()));
    conditions.add(Machine.inOneLine());
    return conditions;
  }

  private void write(String name, String markdown, String json) throws IOException {
    Path folder = out;
    if (folder != null) {
      Results.in(folder).page(name + ".md", markdown).page(name + ".json", json);
    }
  }
}
