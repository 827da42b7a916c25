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
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench consistency}. */
@Command(
    name = "consistency",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Lets clients write through two sidecars while jobs run in two control planes and sidecars,"
          + " control planes and servers are killed and networks cut in turn, and then counts: what"
          + " was acknowledged and is not there, what is there and nobody wrote, and where one side"
          + " is not the lens of the other.",
      "Ends with 1 when there is any of it, or a job has not come to its end."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  crossfade bench consistency --seconds 60 --out benchmarks/results",
      "  crossfade bench consistency --flips --seed 7"
    })
public final class ConsistencyCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 2_000;

  /** Whom nobody changes: the backfill's. */
  private static final int RESTING = 4_000;

  /** How long a backfill, and a verification, may take under all this. */
  private static final long PREPARATION_NANOS = TimeUnit.MINUTES.toNanos(3);

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "How long clients write after the backfill, which they do not wait for. Default:"
              + " ${DEFAULT-VALUE}")
  private int seconds = 60;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "16",
      description = "Default: ${DEFAULT-VALUE}")
  private int clients = 16;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of who is killed when.")
  private long seed = 1;

  @Option(names = "--calm", description = "Kill nobody.")
  private boolean calm;

  @Option(
      names = "--lag",
      paramLabel = "SECONDS",
      description =
          "Kill nobody; keep the mirror from writing for so long at a time, with a moment between.")
  private int lag;

  @Option(
      names = "--flips",
      description = "Also let a control plane move the authority to new and back, again and again.")
  private boolean flips;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write consistency.md there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    System.out.println("starting two PostgreSQL servers, two control planes and two sidecars");
    try (Sides sides = Sides.start()) {
      sides.fill(CUSTOMERS);
      sides.extend(RESTING);
      sides.capture();
      sides.old().execute("ANALYZE");
      try (ControlPlanes planes = new ControlPlanes(sides)) {
        Operator operator = new Operator(planes, new Random(seed), flips);
        operator.begin();
        try (Fleet fleet = new Fleet(sides, planes)) {
          return report(
                  sides, fleet, operator, new Strikes(fleet, planes, operator, new Random(seed)))
              ? 0
              : FAILED;
        }
      }
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | ExecutionException
        | InterruptedException
        | RuntimeException e) {
      System.err.println("bench consistency, seed " + seed + ": " + e);
      return FAILED;
    }
  }

  private boolean report(Sides sides, Fleet fleet, Operator operator, Strikes strikes)
      throws SQLException, IOException, ExecutionException, InterruptedException {
    long sum = Count.money(sides);
    Crowd crowd = write(fleet, operator, strikes);
    long drifted = operator.verified();
    Count count = Count.of(sides, crowd.clients(), sum);
    String text =
        """
        # Consistency

        %d clients, of which every fourth only reads, use two sidecars until %d s after a backfill, seed %d; half of the sessions read from new. Two control planes run jobs meanwhile. Made by `crossfade bench consistency%s`.

        - %s
        - struck: %s
        - %s
        - reads that new answered: %,d

        """
                .formatted(
                    clients,
                    seconds,
                    seed,
                    flips ? " --flips" : "",
                    Machine.inOneLine(),
                    strikes.done().isEmpty() ? "nobody" : String.join(", ", strikes.done()),
                    String.join("\n- ", operator.account()),
                    fleet.answeredByNew())
            + count.text()
            + "| entities that the control planes' verifications found to differ | **%d** |%n"
                .formatted(drifted);
    System.out.println(text);
    crowd
        .refusals()
        .forEach((state, number) -> System.out.println(state + ": " + number + " times"));
    Path folder = out;
    if (folder != null) {
      Results.in(folder).page(flips ? "consistency-flips.md" : "consistency.md", text);
    }
    if (!operator.isAtRamp() || !operator.hasMoved()) {
      System.err.println("bench consistency: it never came so far that this would say something");
      return false;
    }
    return count.isFlawless() && drifted == 0;
  }

  private Crowd write(Fleet fleet, Operator operator, Strikes strikes)
      throws SQLException, ExecutionException, InterruptedException {
    Random random = new Random(seed);
    operator.backfill();
    Crowd crowd = new Crowd(fleet, clients, CUSTOMERS);
    Future<?> operating;
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      operating = thread.submit(operator);
      try (crowd) {
        long end = System.nanoTime() + PREPARATION_NANOS + TimeUnit.SECONDS.toNanos(seconds);
        boolean counts = false;
        while (System.nanoTime() - end < 0 && !operating.isDone()) {
          if (!counts && operator.isAtRamp()) {
            counts = true;
            end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500 + random.nextInt(2_500)));
          Diary.write(
              happens(fleet, strikes, counts)
                  + ", "
                  + crowd.transactions()
                  + " transactions so far");
        }
      } finally {
        operator.end();
      }
    }
    operating.get();
    return crowd;
  }

  /**
   * @param ramp whether new answers reads; before that, who holds the mirror up holds up the jobs
   *     that are to come first
   */
  private String happens(Fleet fleet, Strikes strikes, boolean ramp) throws SQLException {
    if (lag > 0 && !ramp) {
      return "it is not in RAMP yet";
    }
    if (lag > 0) {
      fleet.hold(TimeUnit.SECONDS.toNanos(lag));
      return "the mirror was held up for " + lag + " s";
    }
    if (calm) {
      return "nothing happens";
    }
    strikes.strike();
    return strikes.done().getLast();
  }
}
