package dev.crossfade.bench.consistency;

import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.core.migration.Side;
import dev.crossfade.mirror.FlipException;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench flip}. */
@Command(
    name = "flip",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Moves the authority to new and back under load, and tells no sidecar of it: what clients"
          + " notice, how long they wait, and whether everything is on both sides after each time.",
      "Ends with 1 when a statement failed that is no transaction's, a client waited for more than"
          + " half a second (99 % of the moves), or anything is missing, double or different."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench flip --times 20 --clients 16 --out benchmarks/results")
public final class FlipCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 2_000;
  private static final long LONGEST_MICROS = 500_000;
  private static final long MAX_MICROS = 60_000_000;

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often it moves there and back. Default: ${DEFAULT-VALUE}")
  private int times = 20;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "16",
      description = "Every other one in transactions. Default: ${DEFAULT-VALUE}")
  private int clients = 16;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write flip.md there.")
  private @Nullable Path out;

  private final Recorder micros = new Recorder(MAX_MICROS, 2);
  private final Histogram waits = new Histogram(MAX_MICROS, 2);
  private final Histogram pauses = new Histogram(MAX_MICROS, 2);
  private final AtomicBoolean ended = new AtomicBoolean();
  private int refusedFlips;
  private long drift;

  @Override
  public Integer call() {
    System.out.println("starting two PostgreSQL servers and two sidecars");
    try (Sides sides = Sides.start()) {
      sides.fill(CUSTOMERS);
      sides.capture();
      sides.old().execute("UPDATE customers SET id = id", "ANALYZE");
      try (Fleet fleet = new Fleet(sides)) {
        Count.settle(sides);
        return report(sides, fleet) ? 0 : FAILED;
      }
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | FlipException
        | RuntimeException e) {
      System.err.println("bench flip: " + e);
      return FAILED;
    }
  }

  private boolean report(Sides sides, Fleet fleet) throws SQLException, IOException, FlipException {
    long sum = Count.money(sides);
    List<FlipClient> crowd = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        FlipClient client = new FlipClient(fleet, i, CUSTOMERS, ended::get, micros);
        crowd.add(client);
        threads.execute(client);
      }
      try {
        move(sides);
      } finally {
        ended.set(true);
      }
    }
    Count.settle(sides);
    drift += Count.drift(sides);
    Set<Long> acknowledged = new HashSet<>();
    Map<String, Integer> failures = new TreeMap<>();
    long added = 0;
    long again = 0;
    for (FlipClient client : crowd) {
      acknowledged.addAll(client.acknowledged());
      client.failures().forEach((what, often) -> failures.merge(what, often, Integer::sum));
      added += client.added();
      again += client.again();
    }
    Set<Long> found = Count.ledger(sides, Side.OLD);
    Set<Long> lost = new HashSet<>(acknowledged);
    lost.removeAll(found);
    found.removeAll(acknowledged);
    long money = Count.money(sides) - sum - added;
    String text =
        text(acknowledged.size(), again)
            + """
            | statements that failed, transactions told to begin again left out | **%d** |
            | acknowledged and not there, there and not acknowledged | **%d**, **%d** |
            | money too much | **%d** |
            | entities that differ, after all moves together | **%d** |
            """
                .formatted(
                    failures.values().stream().mapToInt(Integer::intValue).sum(),
                    lost.size(),
                    found.size(),
                    money,
                    drift);
    System.out.println(text);
    failures.forEach((what, often) -> System.out.println(often + " times " + what));
    Path folder = out;
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("flip.md"), text);
    }
    return failures.isEmpty()
        && lost.isEmpty()
        && found.isEmpty()
        && money == 0
        && drift == 0
        && waits.getValueAtPercentile(99) <= LONGEST_MICROS;
  }

  private String text(int acknowledged, long again) throws IOException {
    return """
    # The authority moves

    %d clients, every other one in transactions, use two sidecars that nobody tells; the authority moves to new and back %d times. Made by `crossfade bench flip`.

    - %s

    | | |
    |---|---|
    | commits acknowledged | %,d |
    | moves undone or refused, and done again | %d |
    | nobody could write for (median, 99 %%, longest of the moves) | %.0f, %.0f, %.0f ms |
    | longest that a client waited in a move (median, 99 %%, longest of the moves) | %.0f, **%.0f**, %.0f ms |
    | transactions told to begin again | %d |
    """
        .formatted(
            clients,
            times,
            Machine.described().getFirst(),
            acknowledged,
            refusedFlips,
            pauses.getValueAtPercentile(50) / 1e3,
            pauses.getValueAtPercentile(99) / 1e3,
            pauses.getMaxValue() / 1e3,
            waits.getValueAtPercentile(50) / 1e3,
            waits.getValueAtPercentile(99) / 1e3,
            waits.getMaxValue() / 1e3,
            again);
  }

  private void move(Sides sides) throws SQLException, FlipException {
    // The first seconds are the virtual machines'.
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
    for (int i = 0; i < 2 * times; i++) {
      Side target = i % 2 == 0 ? Side.NEW : Side.OLD;
      micros.getIntervalHistogram();
      pauses.recordValue(flip(sides, target));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
      waits.recordValue(micros.getIntervalHistogram().getMaxValue());
      if (i % 8 < 2) {
        drift += Count.driftUnderLoad(sides, target);
      }
    }
  }

  /**
   * @return for how many microseconds nobody could write
   */
  private long flip(Sides sides, Side target) throws FlipException {
    while (true) {
      try {
        return sides.flip(target).pause().toNanos() / 1_000;
      } catch (FlipException e) {
        boolean harmless =
            e.kind() == FlipException.Kind.UNDONE || e.kind() == FlipException.Kind.REFUSED;
        refusedFlips++;
        if (!harmless || refusedFlips > times) {
          throw e;
        }
        System.out.println(e.getMessage());
      }
    }
  }
}
