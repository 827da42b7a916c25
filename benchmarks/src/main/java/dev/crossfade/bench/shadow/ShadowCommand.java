package dev.crossfade.bench.shadow;

import dev.crossfade.bench.demo.Scrape;
import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.bench.process.ProcessFigures;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench shadow}. */
@Command(
    name = "shadow",
    description =
        "Measures what comparing all reads costs clients and the sidecar, and counts false"
            + " mismatches while the mirror is seconds behind.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench shadow --rounds 9 --out benchmarks/results")
public final class ShadowCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CLIENTS = 4;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final double MOST_P99 = 1.10;
  private static final double MOST_CPU = 1.2;
  private static final String READS = "crossfade_shadow_reads_total";
  private static final String IN_SIDECAR = "crossfade_proxy_time_seconds";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description =
          "Of the modes in turn; medians count. 0 for only the mirror that is behind. Default:"
              + " ${DEFAULT-VALUE}")
  private int rounds = 9;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "6",
      description = "Of a turn. Default: ${DEFAULT-VALUE}")
  private int seconds = 6;

  @Option(
      names = "--pace",
      paramLabel = "MS",
      defaultValue = "10",
      description =
          "Between two reads of a client; with too little the machine itself is what is measured."
              + " Default: ${DEFAULT-VALUE}")
  private int pace = 10;

  @Option(
      names = "--behind",
      paramLabel = "N",
      defaultValue = "60",
      description = "Seconds of writes with a mirror that is behind. Default: ${DEFAULT-VALUE}")
  private int behind = 60;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write shadow.md there.")
  private @Nullable Path out;

  private final Map<String, Double> figures = new LinkedHashMap<>();
  private boolean met = true;

  /** What is done besides answering the clients. */
  private enum Mode {
    NONE("none compared"),
    /** What a comparison costs the machine whoever makes it. */
    SECOND("none compared, each also run on new by somebody else"),
    ALL("all compared");

    private final String title;

    Mode(String title) {
      this.title = title;
    }
  }

  /**
   * One turn.
   *
   * @param p50 of a read, in microseconds
   * @param inSidecar median of the time that a batch spends in the sidecar alone, in microseconds
   * @param cpu of the sidecar for each read, in microseconds
   * @param compared share of the reads
   */
  private record Figures(double p50, double p99, double inSidecar, double cpu, double compared) {}

  @Override
  public Integer call() {
    try (Arena arena = new Arena()) {
      StringBuilder text = new StringBuilder();
      text.append("# What comparing reads costs\n\nMade by `crossfade bench shadow` on ")
          .append(Machine.inOneLine())
          .append(".\n\n");
      if (rounds > 0) {
        cost(arena, text);
      }
      BehindTurn.Outcome outcome = new BehindTurn(arena).run(behind, text);
      met &= outcome.isGood();
      figures.put("false mismatches in 100,000", outcome.in100000());
      figures.put("decided while the mirror was behind", (double) outcome.decided());
      System.out.println(text);
      Path folder = out;
      if (folder != null) {
        Results.in(folder).page("shadow.md", text.toString()).figures("shadow", figures);
      }
      return met ? 0 : FAILED;
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | RuntimeException e) {
      System.err.println("bench shadow: " + e.getMessage());
      return FAILED;
    }
  }

  private void cost(Arena arena, StringBuilder text) throws SQLException {
    List<List<Figures>> turns = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      warmUp(arena, mode);
      turns.add(new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < Mode.values().length; i++) {
        Mode mode = Mode.values()[(round + i) % Mode.values().length];
        Figures its = turn(arena, mode);
        turns.get(mode.ordinal()).add(its);
        System.out.printf(
            Locale.ROOT,
            "round %d: %s: p50 %.0f us, p99 %.0f us, CPU %.0f us a read%n",
            round + 1,
            mode.title,
            its.p50(),
            its.p99(),
            its.cpu());
      }
    }
    text.append(
        String.format(
            Locale.ROOT,
            """
            %d clients, a statement every %d ms each: point reads and, one in five, 20 rows; prepared. Medians of %d rounds of %d s, in turn.

            | | p50 µs | p99 µs | in the sidecar, p50 µs | sidecar's CPU µs a read | compared |
            |---|---:|---:|---:|---:|---:|
            """,
            CLIENTS,
            pace,
            rounds,
            seconds));
    List<Figures> medians = turns.stream().map(ShadowCommand::median).toList();
    for (Mode mode : Mode.values()) {
      Figures its = medians.get(mode.ordinal());
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.0f | %.0f | %.1f | %.1f | %.0f %% |%n",
              mode.title,
              its.p50(),
              its.p99(),
              its.inSidecar(),
              its.cpu(),
              100 * its.compared()));
    }
    judge(text, turns);
  }

  /** Rounds are compared by themselves, for what else goes on changes from one to the next. */
  private void judge(StringBuilder text, List<List<Figures>> turns) {
    double p99 = ratio(turns, Mode.ALL, Mode.NONE, Figures::p99);
    // The second execution is relayed as well: twice what a read costs that is not compared.
    double cpu = ratio(turns, Mode.ALL, Mode.NONE, Figures::cpu) / 2;
    double inSidecar = ratio(turns, Mode.ALL, Mode.NONE, Figures::inSidecar);
    boolean kept = p99 <= MOST_P99 && cpu <= MOST_CPU;
    met &= kept;
    figures.put("p99, times that without", p99);
    figures.put("CPU, times that of two reads", cpu);
    figures.put("in the sidecar, times that without", inSidecar);
    text.append(
        String.format(
            Locale.ROOT,
            """

            Medians of the rounds' ratios: p99 is **%.2f** times as long (bar %.2f); where somebody else runs each read on new, as every comparison must, that alone makes it %.2f times as long on this
            machine, which servers, clients and sidecars share. CPU is **%.2f** times that of two reads that are not compared (bar %.1f): %s. p50 is %.2f times as long, the time in the sidecar alone %.2f times.

            """,
            p99,
            MOST_P99,
            ratio(turns, Mode.SECOND, Mode.NONE, Figures::p99),
            cpu,
            MOST_CPU,
            kept ? "met" : "missed",
            ratio(turns, Mode.ALL, Mode.NONE, Figures::p50),
            inSidecar));
  }

  private static double ratio(
      List<List<Figures>> turns, Mode one, Mode other, ToDoubleFunction<Figures> figure) {
    List<Figures> ofOne = turns.get(one.ordinal());
    List<Figures> ofOther = turns.get(other.ordinal());
    return median(
        IntStream.range(0, ofOne.size())
            .mapToDouble(
                round ->
                    figure.applyAsDouble(ofOne.get(round))
                        / figure.applyAsDouble(ofOther.get(round)))
            .toArray());
  }

  /** As fast as they can, or compiling would be measured. */
  private void warmUp(Arena arena, Mode mode) throws SQLException {
    if (mode != Mode.SECOND) {
      System.out.println("warming up: " + mode.title);
      new ReadTurn(arena, mode == Mode.ALL, 0, 0, null).run(CLIENTS, WARM_UP_NANOS);
    }
    turn(arena, mode);
  }

  private Figures turn(Arena arena, Mode mode) throws SQLException {
    boolean compares = mode == Mode.ALL;
    SidecarProcess sidecar = arena.sidecar(compares);
    long cpuBefore = ProcessFigures.cpu(sidecar.pid()).toNanos();
    Scrape before = sidecar.scrape();
    Histogram reads = mode == Mode.SECOND ? readTwice(arena) : read(arena, compares, null);
    long cpu = ProcessFigures.cpu(sidecar.pid()).toNanos() - cpuBefore;
    Scrape after = sidecar.scrape();
    long count = reads.getTotalCount();
    return new Figures(
        reads.getValueAtPercentile(50) / 1e3,
        reads.getValueAtPercentile(99) / 1e3,
        1e6 * after.percentile(IN_SIDECAR, Map.of(), 0.5, before).orElse(Double.NaN),
        cpu / 1e3 / count,
        (after.sum(READS, Map.of()) - before.sum(READS, Map.of())) / count);
  }

  private Histogram readTwice(Arena arena) throws SQLException {
    try (SecondReads second = new SecondReads(arena, CLIENTS)) {
      return read(arena, false, second);
    }
  }

  private Histogram read(Arena arena, boolean compares, @Nullable SecondReads second)
      throws SQLException {
    return new ReadTurn(arena, compares, 0, TimeUnit.MILLISECONDS.toNanos(pace), second)
        .run(CLIENTS, TimeUnit.SECONDS.toNanos(seconds));
  }

  private static Figures median(List<Figures> turns) {
    return new Figures(
        median(turns.stream().mapToDouble(Figures::p50).toArray()),
        median(turns.stream().mapToDouble(Figures::p99).toArray()),
        median(turns.stream().mapToDouble(Figures::inSidecar).toArray()),
        median(turns.stream().mapToDouble(Figures::cpu).toArray()),
        median(turns.stream().mapToDouble(Figures::compared).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
