package dev.crossfade.bench.consistency;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench outage}. */
@Command(
    name = "outage",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Takes new away for a while under load: what clients notice, how long their transactions take"
          + " before and meanwhile, and whether everything is on new when it is back.",
      "Ends with 1 when a client had an error, transactions took a tenth longer (median), or"
          + " anything is missing."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench outage --seconds 120 --out benchmarks/results")
public final class OutageCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 2_000;
  private static final double MOST = 1.1;

  /** Whoever takes what another one takes at the same time has to expect these. */
  private static final Map<String, String> OF_THEIR_OWN =
      Map.of("40P01", "deadlock", "23505", "duplicate key");

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "120",
      description = "How long new is away. Default: ${DEFAULT-VALUE}")
  private int seconds = 120;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "8",
      description = "Default: ${DEFAULT-VALUE}")
  private int clients = 8;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write outage.md there.")
  private @Nullable Path out;

  /** Medians of transactions, in microseconds. */
  private record Medians(long before, long meanwhile) {
    boolean isNear() {
      return meanwhile <= MOST * before;
    }
  }

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
        | RuntimeException e) {
      System.err.println("bench outage: " + e);
      return FAILED;
    }
  }

  private boolean report(Sides sides, Fleet fleet) throws SQLException, IOException {
    long sum = Count.money(sides);
    Crowd crowd = new Crowd(fleet, clients, CUSTOMERS);
    Medians medians;
    try (crowd) {
      medians = measure(fleet, crowd);
    }
    Map<String, Integer> errors = new TreeMap<>(crowd.refusals());
    errors.keySet().removeAll(OF_THEIR_OWN.keySet());
    Count count = Count.of(sides, crowd.clients(), sum);
    String text =
        """
        # New away

        %d clients, of which every fourth only reads, use two sidecars; new is away for %d s. Made by `crossfade bench outage`.

        - %s
        - a transaction takes %,d us before and %,d us meanwhile (medians): **%.2f** times as long
        - errors that clients had: **%d**; connections lost: **%d**

        """
                .formatted(
                    clients,
                    seconds,
                    Machine.inOneLine(),
                    medians.before(),
                    medians.meanwhile(),
                    (double) medians.meanwhile() / medians.before(),
                    errors.values().stream().mapToInt(Integer::intValue).sum(),
                    count.interruptions())
            + count.text();
    System.out.println(text);
    errors.forEach((state, number) -> System.out.println(state + ": " + number + " times"));
    Path folder = out;
    if (folder != null) {
      Results.in(folder).page("outage.md", text);
    }
    return count.isFlawless() && count.interruptions() == 0 && errors.isEmpty() && medians.isNear();
  }

  private Medians measure(Fleet fleet, Crowd crowd) {
    long part = TimeUnit.SECONDS.toNanos(Math.clamp(seconds / 4, 3, 30));
    // The first seconds are the virtual machines'.
    LockSupport.parkNanos(part);
    crowd.takeLatencies();
    LockSupport.parkNanos(part);
    long before = crowd.takeLatencies().getValueAtPercentile(50);
    System.out.println("new goes, after " + crowd.transactions() + " transactions");
    fleet.killNew(TimeUnit.SECONDS.toNanos(seconds));
    long meanwhile = crowd.takeLatencies().getValueAtPercentile(50);
    System.out.println("new is back, after " + crowd.transactions() + " transactions");
    LockSupport.parkNanos(part);
    return new Medians(before, meanwhile);
  }
}
