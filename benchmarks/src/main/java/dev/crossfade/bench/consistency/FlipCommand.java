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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.HdrHistogram.Histogram;
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
          + " notice, how long they wait, and whether everything is on both sides after each time."
          + " After each move clients stop between two of their transactions until both sides have"
          + " been compared as a whole; that is no wait of theirs.",
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
  private static final long UNDER_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int SHOWN = 5;

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

  @Option(
      names = "--through-control-plane",
      description = "Have a control plane move it, which the sidecars follow.")
  private boolean throughControlPlane;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write flip.md there.")
  private @Nullable Path out;

  private final Waits waits = new Waits();
  private final List<Waits.Longest> longest = new ArrayList<>();
  private final Histogram waited = new Histogram(MAX_MICROS, 2);
  private final Histogram pauses = new Histogram(MAX_MICROS, 2);
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Clients share it while they do something; who compares has it alone. */
  private final ReadWriteLock turns = new ReentrantReadWriteLock(true);

  private int refusedFlips;
  private long drift;

  @Override
  public Integer call() {
    System.out.println("starting two PostgreSQL servers and two sidecars");
    try (Sides sides = Sides.start()) {
      sides.fill(CUSTOMERS);
      sides.capture();
      return throughControlPlane ? followed(sides) : alone(sides);
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

  private int alone(Sides sides) throws SQLException, IOException, FlipException {
    sides.old().execute("UPDATE customers SET id = id", "ANALYZE");
    try (Fleet fleet = new Fleet(sides)) {
      Count.settle(sides);
      return report(sides, fleet, Moving.alone(sides)) ? 0 : FAILED;
    }
  }

  private int followed(Sides sides) throws SQLException, IOException, FlipException {
    try (ControlPlanes planes = new ControlPlanes(sides)) {
      Operator operator = new Operator(planes, new Random(0), true);
      operator.begin();
      try (Fleet fleet = new Fleet(sides, planes)) {
        operator.backfill();
        operator.bringToRamp();
        Count.settle(sides);
        return report(sides, fleet, Moving.by(operator)) ? 0 : FAILED;
      }
    }
  }

  private boolean report(Sides sides, Fleet fleet, Moving moving)
      throws SQLException, IOException, FlipException {
    long sum = Count.money(sides);
    List<FlipClient> crowd = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        FlipClient client =
            new FlipClient(
                fleet, i, CUSTOMERS, new FlipClient.Crowd(ended::get, turns.readLock(), waits));
        crowd.add(client);
        threads.execute(client);
      }
      try {
        move(sides, moving);
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

            Longest waits, with what the move had come to when they began and ended:

            """
                .formatted(
                    failures.values().stream().mapToInt(Integer::intValue).sum(),
                    lost.size(),
                    found.size(),
                    money,
                    drift)
            + slowest();
    System.out.println(text);
    failures.forEach((what, often) -> System.out.println(often + " times " + what));
    Path folder = out;
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(throughControlPlane ? "flip-control-plane.md" : "flip.md"), text);
    }
    return failures.isEmpty()
        && lost.isEmpty()
        && found.isEmpty()
        && money == 0
        && drift == 0
        && waited.getValueAtPercentile(99) <= LONGEST_MICROS;
  }

  private String text(int acknowledged, long again) throws IOException {
    return """
    # The authority moves

    %d clients, every other one in transactions, use two sidecars that %s; the authority moves to new and back %d times, and after each time both sides are compared as a whole. Made by `crossfade bench flip%s`.

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
            throughControlPlane ? "follow a control plane, which moves it" : "nobody tells",
            times,
            throughControlPlane ? " --through-control-plane" : "",
            Machine.inOneLine(),
            acknowledged,
            refusedFlips,
            pauses.getValueAtPercentile(50) / 1e3,
            pauses.getValueAtPercentile(99) / 1e3,
            pauses.getMaxValue() / 1e3,
            waited.getValueAtPercentile(50) / 1e3,
            waited.getValueAtPercentile(99) / 1e3,
            waited.getMaxValue() / 1e3,
            again);
  }

  private String slowest() {
    StringBuilder text = new StringBuilder();
    longest.stream()
        .sorted(Comparator.comparingLong(Waits.Longest::micros).reversed())
        .limit(SHOWN)
        .forEach(wait -> text.append("- ").append(wait.account()).append('\n'));
    return text.toString();
  }

  private void move(Sides sides, Moving moving) throws SQLException, FlipException {
    // The first seconds are the virtual machines'.
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
    for (int i = 0; i < 2 * times; i++) {
      Side target = i % 2 == 0 ? Side.NEW : Side.OLD;
      waits.begin();
      pauses.recordValue(flip(moving, target));
      LockSupport.parkNanos(UNDER_LOAD_NANOS);
      compare(sides, "move " + (i + 1) + ", to " + target + ": ");
      System.out.println(longest.getLast().account());
      LockSupport.parkNanos(UNDER_LOAD_NANOS);
    }
  }

  /** Nobody writes meanwhile: so nothing may differ, and nothing is left undecided. */
  private void compare(Sides sides, String move) throws SQLException {
    turns.writeLock().lock();
    try {
      // Whoever has waited until now has been waited for.
      Waits.Longest wait = waits.take();
      waited.recordValue(Math.min(wait.micros(), MAX_MICROS));
      longest.add(new Waits.Longest(wait.micros(), move + wait.account()));
      Count.settle(sides);
      drift += Count.drift(sides);
    } finally {
      turns.writeLock().unlock();
    }
  }

  /**
   * @return for how many microseconds nobody could write
   */
  private long flip(Moving moving, Side target) throws FlipException {
    Optional<Long> pause = moving.move(target, waits);
    while (pause.isEmpty()) {
      refusedFlips++;
      if (refusedFlips > times) {
        throw new IllegalStateException("it is refused or undone again and again");
      }
      pause = moving.move(target, waits);
    }
    return Math.min(pause.get(), MAX_MICROS);
  }
}
