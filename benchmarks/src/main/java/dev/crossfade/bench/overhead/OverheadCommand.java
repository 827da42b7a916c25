package dev.crossfade.bench.overhead;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.overhead.Figures.Section;
import dev.crossfade.bench.overhead.OverheadRun.Plan;
import dev.crossfade.bench.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench overhead}. */
@Command(
    name = "overhead",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures what the hop through the sidecar costs.",
      "",
      "Latency, throughput, processor time, memory and start-up, against direct connections and"
          + " against",
      "PgBouncer, HAProxy and pgpool-II where they are installed.",
      "Rounds are interleaved; the tables show medians. The machine should have nothing else to do."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade bench overhead --out benchmarks/results",
      "  crossfade bench overhead --only latency,routed --rounds 9 --seconds 5"
    })
public final class OverheadCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private static final int USAGE = 2;
  private static final int MOST_IDLE = 4000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How long each turn in a round takes. Default: ${DEFAULT-VALUE}")
  private int seconds = 3;

  @Option(
      names = "--idle-connections",
      paramLabel = "N",
      defaultValue = "2000",
      description = "For the section IDLE. Default: ${DEFAULT-VALUE}")
  private int idle = 2000;

  @Option(
      names = "--only",
      paramLabel = "SECTION",
      split = ",",
      description = "Some of: ${COMPLETION-CANDIDATES}; in any case. Default: all.")
  private @Nullable List<Section> only;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write overhead.md and overhead.json there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    if (rounds < 1 || rounds > 1000 || seconds < 1 || seconds > 3600) {
      System.err.println("--rounds: 1 to 1000, and --seconds: 1 to 3600 are possible");
      return USAGE;
    }
    if (idle < 1 || idle > MOST_IDLE) {
      System.err.println("--idle-connections: 1 to " + MOST_IDLE + " are possible");
      return USAGE;
    }
    Set<Section> sections = only == null ? EnumSet.allOf(Section.class) : EnumSet.copyOf(only);
    long start = System.nanoTime();
    System.out.println("starting two PostgreSQL servers and filling them");
    try (Arena arena = Arena.open(1)) {
      Thread ending = new Thread(arena::close, "ending");
      Runtime.getRuntime().addShutdownHook(ending);
      OverheadRun run =
          new OverheadRun(
              arena, new Plan(sections, rounds, Duration.ofSeconds(seconds), idle), System.out);
      try {
        run.measure();
      } catch (IOException | RuntimeException e) {
        // What was measured before may have taken long; it is told, and kept nowhere.
        System.out.println("\n" + new Report(run.figures(), conditions()).markdown());
        throw e;
      }
      Report report = new Report(run.figures(), conditions());
      System.out.println("\n" + report.markdown());
      write(report);
      System.out.printf("took %.0f s%n", (System.nanoTime() - start) / 1e9);
      return 0;
    } catch (SQLException | IOException | RuntimeException e) {
      System.err.println("bench overhead: " + e.getMessage());
      return FAILED;
    }
  }

  private List<String> conditions() throws IOException {
    List<String> conditions = new ArrayList<>();
    conditions.add("medians of %d interleaved rounds of %d s".formatted(rounds, seconds));
    conditions.add(
        "`crossfade bench overhead --rounds %d --seconds %d`".formatted(rounds, seconds));
    conditions.addAll(Machine.described());
    conditions.add(Machine.postgresql());
    Stream.of(Proxy.values()).flatMap(proxy -> proxy.version().stream()).forEach(conditions::add);
    return conditions;
  }

  private void write(Report report) throws IOException {
    Path folder = out;
    if (folder != null) {
      Results.in(folder)
          .page("overhead.md", report.markdown())
          .page("overhead.json", report.json())
          .figures("overhead", report.history());
    }
  }
}
