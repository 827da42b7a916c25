package dev.crossfade.bench.mirror;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.mirror.MirrorRun.CaptureCost;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench mirror}. */
@Command(
    name = "mirror",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures on two PostgreSQL servers what logging changes costs, and how fast they are"
          + " carried, backfilled and verified.",
      "Ends with 1 when a bar is missed."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench mirror --out benchmarks/results")
public final class MirrorCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final double MOST_CAPTURE_MICROS = 60;
  private static final double LEAST_ENTITIES = 10_000;
  private static final double LEAST_BACKFILL = 50_000;
  private static final double LEAST_VERIFY = 200_000;

  @Option(
      names = "--customers",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Entities. Default: ${DEFAULT-VALUE}")
  private int customers = 200_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Of each measurement; the median counts. Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--only",
      paramLabel = "PART",
      description = "One of speed, arrival, capture. Default: all")
  private @Nullable Part only;

  @Option(
      names = "--workers",
      paramLabel = "N",
      split = ",",
      defaultValue = "2",
      description =
          "Of backfill and verify; several numbers are measured one after the other. Default:"
              + " ${DEFAULT-VALUE}")
  private List<Integer> workers = List.of(2);

  @Option(names = "--out", paramLabel = "DIR", description = "Also write mirror.md there.")
  private @Nullable Path out;

  private final StringBuilder page = new StringBuilder();
  private boolean met = true;

  @Override
  public Integer call() {
    System.out.println("starting two PostgreSQL servers and filling one");
    try (Sides sides = Sides.start()) {
      sides.fill(customers);
      sides.capture();
      sides.old().execute("TRUNCATE crossfade.mutation");
      measure(new MirrorRun(sides, customers));
      Path folder = out;
      if (folder != null) {
        Results.in(folder).page("mirror.md", head() + page);
      }
      return met ? 0 : FAILED;
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | RuntimeException e) {
      System.err.println("bench mirror: " + e.getMessage());
      return FAILED;
    }
  }

  private String head() throws IOException {
    return """
    # The mirror

    Two servers and the mirror on one machine; %,d customers of old are people and contacts on new. Made by `crossfade bench mirror`.

    - %s
    - medians of %d rounds; the servers do not wait for the disk (`fsync` off)

    | figure | value | bar |
    |---|---|---|
    """
        .formatted(customers, Machine.inOneLine(), rounds);
  }

  /** What can be measured by itself. */
  enum Part {
    SPEED,
    ARRIVAL,
    CAPTURE
  }

  private boolean wants(Part part) {
    return only == null || only == part;
  }

  private void measure(MirrorRun run) throws SQLException {
    if (wants(Part.SPEED)) {
      speed(run);
    }
    if (wants(Part.ARRIVAL)) {
      Histogram arrival = run.arrival(1_000);
      row("from commit to arrival, p50", millis(arrival, 50), "");
      row("from commit to arrival, p99", millis(arrival, 99), "");
    }
    if (wants(Part.CAPTURE)) {
      CaptureCost cost = run.captureCost(rounds, 20_000);
      most("capture, µs of the server's processor for a row of its own", cost.single());
      most("capture, µs for a row among a thousand", cost.many());
    }
  }

  private void speed(MirrorRun run) throws SQLException {
    for (int some : workers) {
      double[] backfill = new double[rounds];
      double[] verify = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        backfill[round] = run.backfill(some);
        verify[round] = run.verify(some);
      }
      String with = " with " + some + (some == 1 ? " worker" : " workers") + ", rows/s";
      least("backfill" + with, MirrorRun.median(backfill), LEAST_BACKFILL);
      least("verify" + with, MirrorRun.median(verify), LEAST_VERIFY);
    }
    double[] drain = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      drain[round] = run.drain();
    }
    least("mirror, entities/s from a full log", MirrorRun.median(drain), LEAST_ENTITIES);
  }

  private static String millis(Histogram micros, double percentile) {
    return String.format(Locale.ROOT, "%.2f ms", micros.getValueAtPercentile(percentile) / 1e3);
  }

  private void least(String name, double value, double bar) {
    met &= value >= bar;
    row(
        name,
        String.format(Locale.ROOT, "%,.0f", value),
        String.format(Locale.ROOT, ">= %,.0f: %s", bar, value >= bar ? "met" : "missed"));
  }

  private void most(String name, double micros) {
    met &= micros <= MOST_CAPTURE_MICROS;
    row(
        name,
        String.format(Locale.ROOT, "%.1f", micros),
        String.format(
            Locale.ROOT,
            "<= %.0f: %s",
            MOST_CAPTURE_MICROS,
            micros <= MOST_CAPTURE_MICROS ? "met" : "missed"));
  }

  private void row(String name, String value, String bar) {
    String line = "| " + name + " | " + value + " | " + bar + " |";
    System.out.println(line);
    page.append(line).append('\n');
  }
}
