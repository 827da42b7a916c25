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
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench upgrade}. */
@Command(
    name = "upgrade",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Lets new processes take over from two sidecars under load, again and again, while clients"
          + " write and read: some stay connected, some connect for each transaction, some for"
          + " every 25. Counts what failed and what was lost.",
      "Ends with 1 when a query failed, a process did not end by itself, or anything is missing."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench upgrade --times 50 --clients 16 --out benchmarks/results")
public final class UpgradeCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 2_000;
  private static final int SIDECARS = 2;

  /** Between two upgrades. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Whoever takes what another one takes at the same time has to expect these. */
  private static final Map<String, String> OF_THEIR_OWN =
      Map.of("40P01", "deadlock", "23505", "duplicate key");

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many upgrades. Default: ${DEFAULT-VALUE}")
  private int times = 50;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "16",
      description = "Default: ${DEFAULT-VALUE}")
  private int clients = 16;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Turns of all clients together in a second, at most; 0 for as many as they can. Default:"
              + " ${DEFAULT-VALUE}")
  private int rate = 100;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write upgrade.md there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    System.out.println("starting two PostgreSQL servers and two sidecars");
    try (Sides sides = Sides.start()) {
      sides.fill(CUSTOMERS);
      sides.capture();
      sides.old().execute("UPDATE customers SET id = id", "ANALYZE");
      try (Fleet fleet = Fleet.upgradable(sides)) {
        Count.settle(sides);
        return report(sides, fleet) ? 0 : FAILED;
      }
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | RuntimeException e) {
      System.err.println("bench upgrade: " + e);
      return FAILED;
    }
  }

  /** Every fourth only reads, so there are readers of each kind. */
  static int turns(int client) {
    return switch (client / 4 % 3) {
      case 1 -> 1;
      case 2 -> 25;
      default -> Integer.MAX_VALUE;
    };
  }

  private boolean report(Sides sides, Fleet fleet) throws SQLException, IOException {
    long sum = Count.money(sides);
    Crowd crowd =
        new Crowd(
            fleet,
            clients,
            CUSTOMERS,
            Crowd.Habits.ofRate(clients, rate).withTurns(UpgradeCommand::turns));
    long[] nanos = new long[times];
    Histogram before;
    Histogram meanwhile;
    long lingering;
    try (crowd) {
      LockSupport.parkNanos(WARM_UP_NANOS);
      crowd.takeLatencies();
      LockSupport.parkNanos(WARM_UP_NANOS);
      before = crowd.takeLatencies().copy();
      for (int i = 0; i < times; i++) {
        nanos[i] = fleet.upgrade(i % SIDECARS);
        Diary.write(
            "upgrade %d took %d ms, %d transactions so far"
                .formatted(i + 1, TimeUnit.NANOSECONDS.toMillis(nanos[i]), crowd.transactions()));
        LockSupport.parkNanos(REST_NANOS);
      }
      meanwhile = crowd.takeLatencies();
      lingering = fleet.lingering();
    }
    boolean left = fleet.haveLeft();
    Map<String, Integer> errors = new TreeMap<>(crowd.refusals());
    errors.keySet().removeAll(OF_THEIR_OWN.keySet());
    Count count = Count.of(sides, crowd.clients(), sum);
    long failed =
        count.interruptions() + errors.values().stream().mapToInt(Integer::intValue).sum();
    Arrays.sort(nanos);
    String text =
        """
        # Upgrades under load

        %d clients, of which every fourth only reads, use two sidecars in RAMP with half of the sessions reading from new; a third of them connects for each transaction, some for every 25, the others once, %s. A new process took over from a sidecar %d times. Made by `crossfade bench upgrade --times %d --clients %d --rate %d`.

        - %s
        - queries and connections that failed: **%d**
        - from the start of a process to its first client: %d ms median, %d ms at most
        - a transaction took %s before, %s during the upgrades
        - processes with clients that stayed, when the last upgrade was done: %d; all ended by themselves when their clients had left: %s

        """
                .formatted(
                    clients,
                    Crowd.pace(rate),
                    times,
                    times,
                    clients,
                    rate,
                    Machine.inOneLine(),
                    failed,
                    millis(nanos[times / 2]),
                    millis(nanos[times - 1]),
                    latencies(before),
                    latencies(meanwhile),
                    lingering,
                    left ? "yes" : "**no**")
            + count.text();
    System.out.println(text);
    errors.forEach((state, number) -> System.out.println(state + ": " + number + " times"));
    Path folder = out;
    if (folder != null) {
      Results.in(folder)
          .page("upgrade.md", text)
          .figures(
              "upgrade",
              Map.of(
                  "failed",
                  (double) failed,
                  "start to first client, median ms",
                  (double) millis(nanos[times / 2]),
                  "p99 of a transaction meanwhile, µs",
                  (double) meanwhile.getValueAtPercentile(99)));
    }
    return failed == 0 && left && count.isFlawless();
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static String latencies(Histogram micros) {
    return "%,d us (median; p99 %,d, longest %,d)"
        .formatted(
            micros.getValueAtPercentile(50), micros.getValueAtPercentile(99), micros.getMaxValue());
  }
}
