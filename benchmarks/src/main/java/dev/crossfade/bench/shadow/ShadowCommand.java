package dev.crossfade.bench.shadow;

import dev.crossfade.bench.demo.Scrape;
import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.bench.process.ProcessFigures;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    footer = "  crossfade bench shadow --rounds 5 --out benchmarks/results")
public final class ShadowCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CLIENTS = 4;
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final double MOST_P99 = 1.10;
  private static final double MOST_CPU = 1.2;
  private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final String READS = "crossfade_shadow_reads_total";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "With and without in turn; medians count. Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "8",
      description = "Of a turn. Default: ${DEFAULT-VALUE}")
  private int seconds = 8;

  @Option(
      names = "--behind",
      paramLabel = "N",
      defaultValue = "60",
      description = "Seconds of writes with a mirror that is behind. Default: ${DEFAULT-VALUE}")
  private int behind = 60;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write shadow.md there.")
  private @Nullable Path out;

  private boolean met = true;

  /**
   * One turn.
   *
   * @param p50 of a read, in microseconds
   * @param cpu of the sidecar for each read, in microseconds
   * @param compared share of the reads
   */
  private record Figures(double p50, double p99, double cpu, double compared) {}

  @Override
  public Integer call() {
    try (Arena arena = new Arena()) {
      StringBuilder text = new StringBuilder();
      text.append("# What comparing reads costs\n\nMade by `crossfade bench shadow` on ")
          .append(Machine.described().getFirst())
          .append(".\n\n");
      cost(arena, text);
      wolf(arena, text);
      System.out.println(text);
      Path folder = out;
      if (folder != null) {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("shadow.md"), text);
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
    turn(arena, true);
    turn(arena, false);
    List<Figures> with = new ArrayList<>();
    List<Figures> without = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      boolean first = round % 2 == 0;
      (first ? with : without).add(turn(arena, first));
      (first ? without : with).add(turn(arena, !first));
    }
    Figures on = median(with);
    Figures off = median(without);
    double p99 = on.p99() / off.p99();
    // The second execution is relayed as well: twice what a read costs that is not compared.
    double cpu = on.cpu() / (2 * off.cpu());
    boolean kept = p99 <= MOST_P99 && cpu <= MOST_CPU;
    met &= kept;
    text.append(
        String.format(
            Locale.ROOT,
            """
            %d clients, a statement every 4 ms each: point reads and, one in five, 20 rows; prepared. Medians of %d rounds of %d s.

            | | p50 µs | p99 µs | sidecar's CPU µs a read | compared |
            |---|---:|---:|---:|---:|
            | none compared | %.0f | %.0f | %.1f | %.0f %% |
            | all compared | %.0f | %.0f | %.1f | %.0f %% |

            p99 is **%.2f** times as long (bar %.2f); CPU is **%.2f** times that of two reads that are not compared (bar %.1f): %s

            """,
            CLIENTS,
            rounds,
            seconds,
            off.p50(),
            off.p99(),
            off.cpu(),
            100 * off.compared(),
            on.p50(),
            on.p99(),
            on.cpu(),
            100 * on.compared(),
            p99,
            MOST_P99,
            cpu,
            MOST_CPU,
            kept ? "met" : "missed"));
  }

  private Figures turn(Arena arena, boolean compares) throws SQLException {
    SidecarProcess sidecar = arena.sidecar(compares);
    long cpuBefore = ProcessFigures.cpu(sidecar.pid()).toNanos();
    double comparedBefore = sidecar.scrape().sum(READS, Map.of());
    Histogram reads =
        new ReadTurn(arena, compares, 0, PACE_NANOS)
            .run(CLIENTS, TimeUnit.SECONDS.toNanos(seconds));
    long cpu = ProcessFigures.cpu(sidecar.pid()).toNanos() - cpuBefore;
    double compared = sidecar.scrape().sum(READS, Map.of()) - comparedBefore;
    long count = reads.getTotalCount();
    return new Figures(
        reads.getValueAtPercentile(50) / 1e3,
        reads.getValueAtPercentile(99) / 1e3,
        cpu / 1e3 / count,
        compared / count);
  }

  private static Figures median(List<Figures> turns) {
    return new Figures(
        median(turns.stream().mapToDouble(Figures::p50).toArray()),
        median(turns.stream().mapToDouble(Figures::p99).toArray()),
        median(turns.stream().mapToDouble(Figures::cpu).toArray()),
        median(turns.stream().mapToDouble(Figures::compared).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /** Nothing is wrong here, whatever it looks like. */
  private void wolf(Arena arena, StringBuilder text) throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(behind);
    Thread holder = Thread.ofPlatform().start(() -> hold(arena, end));
    new ReadTurn(arena, true, 2, PACE_NANOS / 2).run(CLIENTS, TimeUnit.SECONDS.toNanos(behind));
    try {
      holder.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    arena.settle();
    Scrape scrape = await(arena);
    long mismatches = 0;
    long decided = 0;
    text.append("20 % writes, the mirror 2 s behind, nothing wrong, ")
        .append(behind)
        .append(" s:\n\n| verdict | reads |\n|---|---:|\n");
    for (Verdict verdict : Verdict.values()) {
      long count = (long) scrape.sum(READS, Map.of("verdict", verdict.name()));
      mismatches += verdict.isMismatch() ? count : 0;
      decided += verdict.isDecided() ? count : 0;
      text.append(String.format(Locale.ROOT, "| %s | %,d |%n", verdict, count));
    }
    met &= mismatches == 0;
    text.append(
        String.format(
            Locale.ROOT,
            "%n**%,d** false mismatches among %,d that were decided%n",
            mismatches,
            decided));
  }

  private static void hold(Arena arena, long end) {
    while (System.nanoTime() < end) {
      try {
        arena.holdMirror(LAG_NANOS);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What is still to be confirmed is part of the count. */
  private static Scrape await(Arena arena) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    Scrape scrape = arena.sidecar(true).scrape();
    while (scrape.sum("crossfade_shadow_confirming", Map.of()) > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      scrape = arena.sidecar(true).scrape();
    }
    return scrape;
  }
}
