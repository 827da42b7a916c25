package dev.crossfade.bench.consistency;

import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.mirror.Verify;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.image.NotMirroredException;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
      "Lets clients write through two sidecars while sidecars and servers are killed in turn, and"
          + " then counts: what was acknowledged and is not there, what is there and nobody wrote,"
          + " and where new is not the lens of old.",
      "Ends with 1 when there is any of it."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench consistency --seconds 60 --out benchmarks/results")
public final class ConsistencyCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CUSTOMERS = 2_000;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

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
        settle(sides);
        return report(sides, fleet) ? 0 : FAILED;
      }
    } catch (SQLException
        | CatalogTooLargeException
        | InvalidFileException
        | NotMirroredException
        | IOException
        | InterruptedException
        | RuntimeException e) {
      System.err.println("bench consistency: " + e);
      return FAILED;
    }
  }

  private boolean report(Sides sides, Fleet fleet)
      throws SQLException, IOException, InterruptedException {
    long sum = number(sides.old(), "SELECT sum(balance_cents) FROM customers");
    List<Client> all = write(fleet);
    double drained = settle(sides);
    Set<Long> acknowledged = new HashSet<>();
    Set<Long> unknown = new HashSet<>();
    all.forEach(client -> acknowledged.addAll(client.acknowledged()));
    all.forEach(client -> unknown.addAll(client.unknown()));
    Set<Long> found = ledger(sides.old());
    Set<Long> lost = new HashSet<>(acknowledged);
    lost.removeAll(found);
    Set<Long> phantoms = new HashSet<>(found);
    phantoms.removeAll(acknowledged);
    phantoms.removeAll(unknown);
    long backwards = all.stream().mapToLong(Client::lookedBack).sum();
    long drift = drift(sides);
    long dead = number(sides.old(), "SELECT count(*) FROM crossfade.dead_letter");
    long money = number(sides.old(), "SELECT sum(balance_cents) FROM customers") - sum;
    long moneyOfNew = number(sides.next(), "SELECT (sum(balance) * 100)::bigint FROM people") - sum;
    String text =
        """
        # Consistency

        %d clients write through two sidecars for %d s, half of the sessions read from new. Made by `crossfade bench consistency`.

        - %s
        - killed with SIGKILL: %s

        | | |
        |---|---|
        | transactions acknowledged | %,d |
        | of them not in old | **%d** |
        | rows that nobody wrote | **%d** |
        | reads that missed the session's own write | **%d** |
        | entities that differ in the end | **%d** |
        | dead letters | **%d** |
        | money too much in old, in new | **%d**, **%d** |
        | commits whose outcome no client knows | %d |
        | connections lost | %d |
        | seconds until the log was empty | %.1f |
        """
            .formatted(
                clients,
                seconds,
                Machine.described().getFirst(),
                strikes.isEmpty() ? "nobody" : String.join(", ", strikes),
                acknowledged.size(),
                lost.size(),
                phantoms.size(),
                backwards,
                drift,
                dead,
                money,
                moneyOfNew,
                unknown.size(),
                all.stream().mapToLong(Client::interruptions).sum(),
                drained);
    System.out.println(text);
    Path folder = out;
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("consistency.md"), text);
    }
    return lost.isEmpty()
        && phantoms.isEmpty()
        && backwards == 0
        && drift == 0
        && dead == 0
        && money == 0
        && moneyOfNew == 0;
  }

  private List<Client> write(Fleet fleet) throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong transactions = new AtomicLong();
    List<Client> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        Client client = new Client(fleet, i, CUSTOMERS, ended, transactions);
        all.add(client);
        threads.execute(client);
      }
      Random random = new Random(seed);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500 + random.nextInt(2_500)));
        if (!calm) {
          strike(fleet, random);
          System.out.println(strikes.getLast() + ", " + transactions + " transactions so far");
        }
      }
      ended.set(true);
    }
    return all;
  }

  private void strike(Fleet fleet, Random random) {
    switch (random.nextInt(5)) {
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
      default -> {
        fleet.killOld();
        strikes.add("old");
      }
    }
  }

  /** Seconds until everything has been carried. */
  private static double settle(Sides sides) throws SQLException {
    long start = System.nanoTime();
    while (number(sides.old(), "SELECT count(*) FROM crossfade.mutation") > 0) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("the log is never empty");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static long drift(Sides sides) throws SQLException {
    AtomicLong drift = new AtomicLong();
    new Verify(sides.plans(), Sides.endpoint(sides.old()), Sides.endpoint(sides.next()), 1_000)
        .run(
            new Verify.Findings() {
              @Override
              public void compared(String group, long rows) {}

              @Override
              public void drift(SyncPlan plan, List<String> key) {
                System.out.println("differs: " + plan.group() + ' ' + key);
                drift.incrementAndGet();
              }

              @Override
              public void restless(SyncPlan plan, List<String> key) {
                drift.incrementAndGet();
              }
            });
    return drift.get();
  }

  private static Set<Long> ledger(EmbeddedServer server) throws SQLException {
    Set<Long> numbers = new HashSet<>();
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT n FROM ledger")) {
      while (result.next()) {
        numbers.add(result.getLong(1));
      }
    }
    return numbers;
  }

  private static long number(EmbeddedServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
