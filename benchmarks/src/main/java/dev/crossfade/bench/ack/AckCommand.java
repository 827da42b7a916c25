package dev.crossfade.bench.ack;

import dev.crossfade.bench.ack.Turn.Figures;
import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench ack}. */
@Command(
    name = "ack",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures what a write costs on the authority, on two PostgreSQL servers that wait for the"
          + " disk: straight to the server, through the sidecar without and with a migration, and"
          + " through pgpool-II in native replication mode where that is installed.",
      "Ends with 1 when a bar is missed."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench ack --rounds 5 --out benchmarks/results")
public final class AckCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 20_000;
  private static final int MANY = 16;
  private static final double LEAST_ASYNC = 0.6;
  private static final double MOST_MIRRORED = 3;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "In each of them every way has its turn; medians count. Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description = "Of a turn, after a second that does not count. Default: ${DEFAULT-VALUE}")
  private int seconds = 4;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write ack.md there.")
  private @Nullable Path out;

  private final AtomicLong numbers = new AtomicLong();
  private final Map<Integer, Map<Way, List<Figures>>> figures = new TreeMap<>();
  private final Map<Way, Long> behind = new EnumMap<>(Way.class);
  private boolean met = true;

  @Override
  public Integer call() {
    System.out.println("starting two PostgreSQL servers, sidecars, and what else is installed");
    try (Site site = new Site(CUSTOMERS, MANY)) {
      site.left().forEach(System.out::println);
      for (Way way : site.ways()) {
        // The first of each is the virtual machines'.
        new Turn(site, CUSTOMERS, numbers, way, MANY).run(seconds);
        site.settle(way);
      }
      for (int round = 0; round < rounds; round++) {
        for (int clients : List.of(1, MANY)) {
          round(site, round, clients);
        }
      }
      String text = head(site) + table(site.ways()) + bars(site.ways()) + account(site);
      System.out.println(text);
      Path folder = out;
      if (folder != null) {
        Results.in(folder).page("ack.md", text);
      }
      return met ? 0 : FAILED;
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | RuntimeException e) {
      System.err.println("bench ack: " + e.getMessage());
      return FAILED;
    }
  }

  /** The order rotates, so that no way always follows the same one. */
  private void round(Site site, int round, int clients) throws SQLException {
    List<Way> ways = new ArrayList<>(site.ways());
    Collections.rotate(ways, round);
    for (Way way : ways) {
      Figures turn = new Turn(site, CUSTOMERS, numbers, way, clients).run(seconds);
      behind.merge(way, site.pending(way), Math::max);
      site.settle(way);
      figures
          .computeIfAbsent(clients, none -> new EnumMap<>(Way.class))
          .computeIfAbsent(way, none -> new ArrayList<>())
          .add(turn);
      System.out.printf(
          Locale.ROOT,
          "round %d, %d clients, %s: %,.0f commits/s, p50 %.2f ms%n",
          round + 1,
          clients,
          way.label(),
          turn.commits(),
          turn.p50() / 1e3);
    }
  }

  private String head(Site site) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # What a write costs on the authority

            By turns an INSERT, an UPDATE, and a transaction with an UPDATE, of one row each, prepared, over loopback; customers of old are people and contacts on new. Made by `crossfade bench ack`.

            - %s
            - medians of %d rounds of %d s, the ways interleaved; the servers wait for the disk (`fsync` on, `synchronous_commit` on); clients, sidecars and servers share the machine
            """
                .formatted(Machine.inOneLine(), rounds, seconds));
    site.left().forEach(line -> text.append("- ").append(line).append('\n'));
    return text.append('\n').toString();
  }

  private String table(List<Way> ways) {
    StringBuilder text =
        new StringBuilder(
            """
            | | 1 client: commits/s | p50 ms | p99 ms | %d clients: commits/s | p50 ms | p99 ms |
            |---|---:|---:|---:|---:|---:|---:|
            """
                .formatted(MANY));
    for (Way way : ways) {
      text.append("| ").append(way.label());
      for (int clients : List.of(1, MANY)) {
        text.append(
            String.format(
                Locale.ROOT,
                " | %,.0f | %.2f | %.2f",
                median(clients, way, Figures::commits),
                median(clients, way, Figures::p50) / 1e3,
                median(clients, way, Figures::p99) / 1e3));
      }
      text.append(" |\n");
    }
    return text.append('\n').toString();
  }

  private String bars(List<Way> ways) {
    StringBuilder text =
        new StringBuilder(
            "| ratio | 1 client | %d clients | bar |\n|---|---:|---:|---|\n".formatted(MANY));
    double[] async = ratios(Way.ASYNC, Way.SIDECAR, Figures::commits);
    boolean fast = async[0] >= LEAST_ASYNC && async[1] >= LEAST_ASYNC;
    met &= fast;
    row(text, "commits/s: `ack: async` to no migration", async, bar(">=", LEAST_ASYNC, fast));
    row(
        text,
        "commits/s: `ack: async` to straight",
        ratios(Way.ASYNC, Way.DIRECT, Figures::commits),
        "");
    if (ways.contains(Way.MIRRORED)) {
      double[] mirrored = ratios(Way.MIRRORED, Way.DIRECT, Figures::p50);
      boolean near = mirrored[0] <= MOST_MIRRORED && mirrored[1] <= MOST_MIRRORED;
      met &= near;
      row(text, "p50: `ack: mirrored` to straight", mirrored, bar("<=", MOST_MIRRORED, near));
    }
    if (ways.contains(Way.PGPOOL)) {
      for (Way way : List.of(Way.ASYNC, Way.MIRRORED)) {
        if (ways.contains(way)) {
          String name = way.name().toLowerCase(Locale.ROOT);
          row(
              text,
              "commits/s: `ack: " + name + "` to pgpool-II",
              ratios(way, Way.PGPOOL, Figures::commits),
              "");
          row(
              text,
              "p50: `ack: " + name + "` to pgpool-II",
              ratios(way, Way.PGPOOL, Figures::p50),
              "");
        }
      }
    }
    return text.append('\n').toString();
  }

  /** What a turn leaves behind, and whether everything is on both sides in the end. */
  private String account(Site site) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (Way way : site.ways()) {
      long missing = site.missing(way);
      met &= missing == 0;
      if (way != Way.DIRECT && way != Way.SIDECAR) {
        text.append(
            "- %s: at most %,d changes still to be carried when a turn ended; **%d** rows, customers or cents that differ in the end%n"
                .formatted(way.label(), behind.getOrDefault(way, 0L), missing));
      }
    }
    long late = site.late();
    met &= late == 0;
    text.append(
        "- `ack: mirrored`: **%d** writes were acknowledged before the other side had them%n"
            .formatted(late));
    return text.toString();
  }

  private static String bar(String sign, double value, boolean met) {
    return String.format(Locale.ROOT, "%s %.1f: %s", sign, value, met ? "met" : "missed");
  }

  private static void row(StringBuilder text, String name, double[] ratios, String bar) {
    text.append(
        String.format(
            Locale.ROOT, "| %s | **%.2f** | **%.2f** | %s |%n", name, ratios[0], ratios[1], bar));
  }

  /** With one client and with many: the median over the rounds of each round's own ratio. */
  private double[] ratios(Way way, Way other, ToDoubleFunction<Figures> figure) {
    double[] ratios = new double[2];
    int i = 0;
    for (int clients : List.of(1, MANY)) {
      List<Figures> these = turns(clients, way);
      List<Figures> those = turns(clients, other);
      double[] each = new double[these.size()];
      for (int round = 0; round < each.length; round++) {
        each[round] =
            figure.applyAsDouble(these.get(round)) / figure.applyAsDouble(those.get(round));
      }
      ratios[i++] = median(each);
    }
    return ratios;
  }

  private double median(int clients, Way way, ToDoubleFunction<Figures> figure) {
    return median(turns(clients, way).stream().mapToDouble(figure).toArray());
  }

  private List<Figures> turns(int clients, Way way) {
    return figures.getOrDefault(clients, Map.of()).getOrDefault(way, List.of());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
