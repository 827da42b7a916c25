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
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench restart}. */
@Command(
    name = "restart",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Kills one of two sidecars under load, starts it again at once, and measures how long it"
          + " takes until a new client has its first answer; then counts what was lost. With"
          + " --standby another process takes its place at once.",
      "Ends with 1 when the median is over a second, or anything is missing."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  crossfade bench restart --times 20 --clients 16 --out benchmarks/results",
      "  crossfade bench restart --standby"
    })
public final class RestartCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 2_000;
  private static final int SIDECARS = 2;
  private static final long BAR_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(2);

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often. Default: ${DEFAULT-VALUE}")
  private int times = 20;

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

  @Option(
      names = "--standby",
      description = "Beside each sidecar another process stands by (crossfade proxy --standby).")
  private boolean standby;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write restart.md there, or restart-standby.md.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    System.out.println("starting two PostgreSQL servers and two sidecars");
    try (Sides sides = Sides.start()) {
      sides.fill(CUSTOMERS);
      sides.capture();
      sides.old().execute("UPDATE customers SET id = id", "ANALYZE");
      try (Fleet fleet = standby ? Fleet.withStandby(sides) : new Fleet(sides)) {
        Count.settle(sides);
        return report(sides, fleet) ? 0 : FAILED;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | RuntimeException e) {
      System.err.println("bench restart: " + e);
      return FAILED;
    }
  }

  private boolean report(Sides sides, Fleet fleet)
      throws SQLException, IOException, InterruptedException {
    long sum = Count.money(sides);
    Crowd crowd = new Crowd(fleet, clients, CUSTOMERS, Crowd.Habits.ofRate(clients, rate));
    long[] nanos = new long[times];
    try (crowd) {
      for (int i = 0; i < times; i++) {
        LockSupport.parkNanos(REST_NANOS);
        nanos[i] = fleet.restart(i % SIDECARS);
        Diary.write(
            "restart %d took %d ms, %d transactions so far"
                .formatted(i + 1, TimeUnit.NANOSECONDS.toMillis(nanos[i]), crowd.transactions()));
      }
      LockSupport.parkNanos(REST_NANOS);
    }
    Count count = Count.of(sides, crowd.clients(), sum);
    Arrays.sort(nanos);
    String text =
        """
        # A sidecar killed under load

        %d clients, of which every fourth only reads, use two sidecars in RAMP with half of the sessions reading from new, %s. %s. Made by `crossfade bench restart --times %d --clients %d --rate %d%s`.

        - %s
        - from the kill to the first answer of a new client: **%d ms** median, %d ms p90, %d ms at most

        """
                .formatted(
                    clients,
                    Crowd.pace(rate),
                    strikes(),
                    times,
                    clients,
                    rate,
                    standby ? " --standby" : "",
                    Machine.inOneLine(),
                    millis(nanos[times / 2]),
                    millis(nanos[Math.min(times - 1, times * 9 / 10)]),
                    millis(nanos[times - 1]))
            + count.text();
    System.out.println(text);
    Path folder = out;
    if (folder != null) {
      Results.in(folder)
          .page(standby ? "restart-standby.md" : "restart.md", text)
          .figures(
              standby ? "restart --standby" : "restart",
              Map.of(
                  "kill to first answer, median ms, rate " + rate,
                  (double) millis(nanos[times / 2])));
    }
    return nanos[times / 2] <= BAR_NANOS && count.isFlawless();
  }

  private String strikes() {
    return (standby
            ? "Beside each a process stands by. One that ran was killed with SIGKILL, and a process"
                + " that stands by for the next one was started at once, %d times"
            : "One was killed with SIGKILL and started again at once, %d times")
        .formatted(times);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
