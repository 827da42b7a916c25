package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.Figures.Figure;
import dev.crossfade.bench.overhead.Figures.Key;
import dev.crossfade.bench.overhead.Figures.Section;
import dev.crossfade.bench.overhead.Generator.Result;
import dev.crossfade.bench.overhead.Generator.Workload;
import dev.crossfade.bench.overhead.PointRead.Mode;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.bench.process.ProcessFigures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rounds: in each of them every contender has its turn, so that what disturbs the machine
 * disturbs all alike.
 */
final class OverheadRun {
  private static final int[] CLIENTS = {8, 32};

  /** For the sidecar's own, and for those that are on their way out. */
  private static final int SPARE_CONNECTIONS = 300;

  /**
   * So long that the compiler of a JVM has done its work: its time would be counted to the queries.
   */
  private static final Duration WARM_UP = Duration.ofSeconds(6);

  /** Asked for before anything is bound: afterwards the JVM counts only what it is bound to. */
  private final int lastProcessor = Machine.processors() - 1;

  private final Arena arena;
  private final Plan plan;
  private final PrintStream progress;
  private final Figures figures = new Figures();

  /**
   * How much to measure.
   *
   * @param idle connections in {@link Section#IDLE}
   */
  record Plan(Set<Section> sections, int rounds, Duration each, int idle) {
    Plan {
      sections = Set.copyOf(sections);
    }
  }

  /** A contender with what it is asked. */
  private record Lane(Contender contender, PointRead read) {}

  OverheadRun(Arena arena, Plan plan, PrintStream progress) {
    this.arena = arena;
    this.plan = plan;
    this.progress = progress;
  }

  /** Of what has been measured, also when it has broken off. */
  Figures figures() {
    return figures;
  }

  void measure() throws IOException {
    Map<Proxy, Path> proxies = installed();
    if (plan.sections().contains(Section.STARTUP)) {
      startups(proxies);
    }
    if (plan.sections().contains(Section.IDLE)) {
      idle(proxies);
    }
    List<Contender> hops = new ArrayList<>();
    hops.add(arena.sidecar("Crossfade", 50));
    for (Map.Entry<Proxy, Path> proxy : proxies.entrySet()) {
      hops.add(arena.proxy(proxy.getKey(), proxy.getValue()));
    }
    if (plan.sections().contains(Section.MEMORY)) {
      progress.println("memory");
      Memory.measure(hops, plan.each(), figures);
    }
    List<Lane> relays =
        new ArrayList<>(List.of(new Lane(Contender.direct("direct", arena.old()), Arena.UNMAPPED)));
    hops.forEach(hop -> relays.add(new Lane(hop, Arena.UNMAPPED)));
    if (plan.sections().contains(Section.LATENCY)) {
      pinned(Section.LATENCY, relays, Mode.values());
    }
    if (plan.sections().contains(Section.THROUGHPUT)) {
      throughput(relays);
    }
    if (plan.sections().contains(Section.ROUTED)) {
      pinned(Section.ROUTED, routed(hops.getFirst()), Mode.SIMPLE, Mode.PREPARED);
    }
  }

  /** Not on the arena's databases: those of the other figures take fewer connections. */
  private void idle(Map<Proxy, Path> proxies) throws IOException {
    try (Arena wide = Arena.open(1, plan.idle() + SPARE_CONNECTIONS)) {
      new IdleConnections(wide, plan.idle(), figures, progress).measure(proxies);
    } catch (SQLException e) {
      throw new IOException("the databases for idle connections: " + e.getMessage(), e);
    }
  }

  private Map<Proxy, Path> installed() {
    Map<Proxy, Path> found = new LinkedHashMap<>();
    for (Proxy proxy : Proxy.values()) {
      Optional<Path> program = proxy.installed();
      if (program.isPresent()) {
        found.put(proxy, program.get());
      } else {
        progress.printf(
            "%s is not installed and left out; on Debian: apt-get install %s%n",
            proxy.label(), proxy.debianPackage());
      }
    }
    return found;
  }

  private List<Lane> routed(Contender half) {
    Contender whole = arena.sidecar("Crossfade, all on new", 100);
    return List.of(
        new Lane(Contender.direct("direct to old", arena.old()), Arena.MAPPED),
        new Lane(Contender.direct("direct to new, by hand", arena.target()), Arena.BY_HAND),
        new Lane(
            new Contender("Crossfade, half on new", half.endpoint(), half.pid()), Arena.MAPPED),
        new Lane(whole, Arena.MAPPED));
  }

  private void pinned(Section section, List<Lane> lanes, Mode... modes) throws IOException {
    announce(section, lanes);
    warmUp(lanes, modes);
    arena.pin("0");
    try {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Mode mode : modes) {
          progress.printf(
              "%s, %s: round %d of %d%n",
              section.name().toLowerCase(Locale.ROOT), mode.label(), round, plan.rounds());
          for (Lane lane : turned(lanes, round)) {
            run(section, mode.label(), lane, new Workload(lane.read(), mode, 1));
          }
        }
      }
    } finally {
      arena.pin("0-" + lastProcessor);
    }
  }

  private void announce(Section section, List<Lane> lanes) {
    lanes.forEach(lane -> figures.announce(section, lane.contender().name()));
  }

  private void throughput(List<Lane> lanes) throws IOException {
    announce(Section.THROUGHPUT, lanes);
    warmUp(lanes, Mode.values());
    for (int round = 1; round <= plan.rounds(); round++) {
      progress.printf("throughput: round %d of %d%n", round, plan.rounds());
      for (Mode mode : Mode.values()) {
        for (int clients : CLIENTS) {
          for (Lane lane : turned(lanes, round)) {
            run(
                Section.THROUGHPUT,
                mode.label() + ", " + clients + " clients",
                lane,
                new Workload(lane.read(), mode, clients));
          }
        }
      }
    }
  }

  private void warmUp(List<Lane> lanes, Mode... modes) throws IOException {
    for (Lane lane : lanes) {
      for (Mode mode : modes) {
        Generator.run(lane.contender().endpoint(), new Workload(lane.read(), mode, 2), WARM_UP);
      }
    }
  }

  /** Nobody is always the first. */
  private static List<Lane> turned(List<Lane> lanes, int by) {
    List<Lane> turned = new ArrayList<>(lanes);
    Collections.rotate(turned, by);
    return turned;
  }

  private void run(Section section, String label, Lane lane, Workload workload) throws IOException {
    Contender contender = lane.contender();
    Duration before = cpu(contender);
    Result result;
    try {
      result = Generator.run(contender.endpoint(), workload, plan.each());
    } catch (IOException e) {
      throw new IOException(contender.name() + ": " + e.getMessage(), e);
    }
    double cpuMicros = cpu(contender).minus(before).toNanos() / 1e3;
    String name = contender.name();
    figures.add(
        new Key(section, label, name, Figure.P50_MICROS),
        result.latencies().getValueAtPercentile(50) / 1e3);
    figures.add(
        new Key(section, label, name, Figure.P99_MICROS),
        result.latencies().getValueAtPercentile(99) / 1e3);
    figures.add(new Key(section, label, name, Figure.PER_SECOND), result.perSecond());
    if (contender.pid().isPresent()) {
      figures.add(
          new Key(section, label, name, Figure.CPU_MICROS),
          cpuMicros / result.latencies().getTotalCount());
    }
  }

  private static Duration cpu(Contender contender) {
    return contender.pid().isPresent()
        ? ProcessFigures.cpu(contender.pid().getAsLong())
        : Duration.ZERO;
  }

  private void startups(Map<Proxy, Path> proxies) throws IOException {
    for (int round = 1; round <= plan.rounds(); round++) {
      progress.printf("start-up: round %d of %d%n", round, plan.rounds());
      long start = System.nanoTime();
      Startup.awaitAnswer(arena.launchSidecar(), Arena.UNMAPPED, () -> true);
      started("Crossfade", start);
      for (Map.Entry<Proxy, Path> proxy : proxies.entrySet()) {
        start = System.nanoTime();
        arena.proxy(proxy.getKey(), proxy.getValue());
        started(proxy.getKey().label(), start);
      }
    }
  }

  private void started(String contender, long start) {
    figures.add(
        new Key(Section.STARTUP, "process", contender, Figure.START_MILLIS),
        (System.nanoTime() - start) / 1e6);
    arena.endLast();
  }
}
