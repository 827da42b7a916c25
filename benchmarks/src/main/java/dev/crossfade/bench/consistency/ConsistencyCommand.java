package dev.crossfade.bench.consistency;

import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.core.migration.Side;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
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
      "Lets clients write through two sidecars while sidecars and servers are killed and networks"
          + " cut in turn, and then counts: what was acknowledged and is not there, what is there"
          + " and nobody wrote, and where new is not the lens of old.",
      "Ends with 1 when there is any of it."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench consistency --seconds 60 --out benchmarks/results")
public final class ConsistencyCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 2_000;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long clients write. Default: ${DEFAULT-VALUE}")
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

  @Option(names = "--out", paramLabel = "DIR", description = "Also write consistency.md there.")
  private @Nullable Path out;

  private final List<String> strikes = new ArrayList<>();

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
      System.err.println("bench consistency: " + e);
      return FAILED;
    }
  }

  private boolean report(Sides sides, Fleet fleet) throws SQLException, IOException {
    long sum = Count.money(sides);
    Crowd crowd = write(fleet);
    Count count = Count.of(sides, crowd.clients(), sum);
    String text =
        """
        # Consistency

        %d clients, of which every fourth only reads, use two sidecars for %d s; half of the sessions read from new. Made by `crossfade bench consistency`.

        - %s
        - struck: %s
        - reads that new answered: %,d

        """
                .formatted(
                    clients,
                    seconds,
                    Machine.described().getFirst(),
                    strikes.isEmpty() ? "nobody" : String.join(", ", strikes),
                    fleet.answeredByNew())
            + count.text();
    System.out.println(text);
    Path folder = out;
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("consistency.md"), text);
    }
    return count.isFlawless();
  }

  private Crowd write(Fleet fleet) throws SQLException {
    Crowd crowd = new Crowd(fleet, clients, CUSTOMERS);
    try (crowd) {
      Random random = new Random(seed);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500 + random.nextInt(2_500)));
        if (lag > 0) {
          fleet.hold(TimeUnit.SECONDS.toNanos(lag));
          strikes.add("the mirror held up for " + lag + " s");
        } else if (!calm) {
          strike(fleet, random);
        }
        if (!strikes.isEmpty()) {
          System.out.println(
              strikes.getLast() + ", " + crowd.transactions() + " transactions so far");
        }
      }
    }
    return crowd;
  }

  private void strike(Fleet fleet, Random random) {
    switch (random.nextInt(7)) {
      case 0 -> {
        fleet.killSidecar(0);
        strikes.add("sidecar 1");
      }
      case 1 -> {
        fleet.killSidecar(1);
        strikes.add("sidecar 2");
      }
      case 2 -> {
        fleet.killNew();
        strikes.add("new");
      }
      case 3 -> {
        fleet.killNew(TimeUnit.SECONDS.toNanos(3));
        strikes.add("new for 3 s");
      }
      case 4 -> {
        fleet.killOld();
        strikes.add("old");
      }
      default -> {
        int which = random.nextInt(2);
        Side side = random.nextBoolean() ? Side.OLD : Side.NEW;
        fleet.cut(which, side, TimeUnit.SECONDS.toNanos(1));
        strikes.add("network of sidecar " + (which + 1) + " to " + side + " for 1 s");
      }
    }
  }
}
