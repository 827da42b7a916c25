package dev.crossfade.bench.soak;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.Scrape;
import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.demo.SidecarYaml;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.bench.soak.SoakClient.Task;
import dev.crossfade.bench.soak.Vitals.Monitor;
import dev.crossfade.bench.soak.Vitals.Vital;
import dev.crossfade.core.route.RouteReason;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One soak, from empty databases to the verdict. */
final class SoakRun {
  /** After as many failures it is no use to go on. */
  private static final int MOST_FAILURES = 10;

  private static final int SAMPLES = 50;
  private static final int SWARMS = 2;
  private static final long WARM_UP_QUERIES = 5_000;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration SETTLING = Duration.ofSeconds(20);
  private static final Duration SETTLED_POLL = Duration.ofMillis(500);
  private static final int SAME_TIMES = 4;
  private static final Duration LEAVING = Duration.ofSeconds(60);
  private static final String USER = "soak";

  private final Plan plan;
  private final PrintStream progress;

  /**
   * What to do.
   *
   * @param bound on the time of the load, however many queries it was then
   */
  record Plan(
      long queries, int connections, Duration bound, Chaos.Shares shares, Population population) {}

  /** From which seed, and how many customers there are; orders are twice as many. */
  record Population(long seed, int customers) {}

  /**
   * What came of it.
   *
   * @param routes how many batches went which way, by the sidecar's own count
   * @param remains from when every client had come and gone once, to when every one had gone
   */
  record Outcome(
      Tally tally,
      Duration took,
      Map<RouteReason, Long> routes,
      List<Vitals> samples,
      Remains remains) {
    Outcome {
      routes = Map.copyOf(routes);
      samples = List.copyOf(samples);
    }
  }

  SoakRun(Plan plan, PrintStream progress) {
    this.plan = plan;
    this.progress = progress;
  }

  Outcome run() throws SQLException {
    long seed = plan.population().seed();
    int customers = plan.population().customers();
    DataSet data = new DataSet(seed, customers, customers * 2);
    LensFile lens = LensFile.splitCustomers();
    try (Site site = Site.start()) {
      site.fill(data, lens);
      site.admitReader(USER);
      site.scratch().write("lens.yaml", lens.yaml());
      var config =
          site.scratch().write("sidecar.yaml", SidecarYaml.alone(site, "lens.yaml", "RAMP", 50));
      try (SidecarProcess sidecar = SidecarProcess.start(config);
          Monitor monitor = new Monitor(site, sidecar)) {
        return soak(sidecar, monitor, new Facts(data));
      }
    }
  }

  private Outcome soak(SidecarProcess sidecar, Monitor monitor, Facts facts) throws SQLException {
    SplittableRandom random = new SplittableRandom(plan.population().seed());
    Tally warmUp = new Tally();
    List<Swarming> first = start(sidecar, facts, warmUp, random.split());
    await(warmUp, WARM_UP_QUERIES, System.nanoTime() + SETTLING.toNanos());
    end(first, warmUp);
    Vitals before = settled(monitor);
    Tally tally = new Tally();
    warmUp.messages().forEach(tally::failed);
    progress.println(Progress.HEAD);
    long start = System.nanoTime();
    List<Swarming> swarms = start(sidecar, facts, tally, random.split());
    List<Vitals> samples = new ArrayList<>();
    for (int i = 1; i <= SAMPLES && !isOver(tally, start); i++) {
      long until = start + plan.bound().toNanos() / SAMPLES * i;
      await(tally, plan.queries() / SAMPLES * i, until);
      samples.add(monitor.take(Duration.ofNanos(System.nanoTime() - start), tally.answers()));
      progress.println(Progress.line(samples.getLast(), tally));
    }
    await(tally, plan.queries(), start + plan.bound().toNanos());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    end(swarms, tally);
    if (tally.failures() > 0) {
      progress.println("the sidecar printed:");
      sidecar.process().output().forEach(progress::println);
    }
    Map<RouteReason, Long> routes = routes(sidecar);
    return new Outcome(tally, took, routes, samples, new Remains(before, settled(monitor)));
  }

  private static Map<RouteReason, Long> routes(SidecarProcess sidecar) {
    Scrape scrape = sidecar.scrape();
    Map<RouteReason, Long> routes = new EnumMap<>(RouteReason.class);
    for (RouteReason reason : RouteReason.values()) {
      double batches = scrape.sum("crossfade_queries_total", Map.of("reason", reason.name()));
      if (batches > 0) {
        routes.put(reason, Math.round(batches));
      }
    }
    return routes;
  }

  private boolean isOver(Tally tally, long start) {
    return tally.answers() >= plan.queries()
        || tally.failures() >= MOST_FAILURES
        || System.nanoTime() - start >= plan.bound().toNanos();
  }

  /** A swarm and its thread. */
  private record Swarming(Swarm swarm, Thread thread) {}

  private List<Swarming> start(
      SidecarProcess sidecar, Facts facts, Tally tally, SplittableRandom random) {
    InetSocketAddress server = new InetSocketAddress(sidecar.host(), sidecar.port());
    Task task = new Task(server, USER, Site.DATABASE, plan.shares(), tally);
    List<Swarming> started = new ArrayList<>();
    List<Swarm> swarms = new ArrayList<>();
    for (int i = 0; i < SWARMS; i++) {
      swarms.add(new Swarm());
    }
    for (int i = 0; i < plan.connections(); i++) {
      Swarm swarm = swarms.get(i % SWARMS);
      swarm.add(new SoakClient(i, swarm, task, random.split(), facts));
    }
    for (Swarm swarm : swarms) {
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .name("swarm " + started.size())
              .uncaughtExceptionHandler((dead, why) -> tally.failed("the load broke: " + why))
              .start(swarm);
      started.add(new Swarming(swarm, thread));
    }
    return started;
  }

  /** Until there are so many answers, or enough failures, or this time of the clock. */
  private static void await(Tally tally, long answers, long untilNanos) {
    while (tally.answers() < answers
        && tally.failures() < MOST_FAILURES
        && System.nanoTime() - untilNanos < 0) {
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static void end(List<Swarming> swarms, Tally tally) {
    swarms.forEach(each -> each.swarm().end());
    for (Swarming each : swarms) {
      try {
        if (!each.thread().join(LEAVING)) {
          tally.failed("clients could not leave within " + LEAVING.toSeconds() + " s");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** When nothing changes any more and nobody is there, or the time for that is over. */
  private static Vitals settled(Monitor monitor) throws SQLException {
    long deadline = System.nanoTime() + SETTLING.toNanos();
    Vitals last = monitor.take(Duration.ZERO, 0);
    int same = 0;
    while (same < SAME_TIMES && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(SETTLED_POLL.toNanos());
      Vitals now = monitor.take(Duration.ZERO, 0);
      boolean steady = now.value(Vital.SESSIONS) == 0 && new Remains(last, now).isNothing();
      same = steady ? same + 1 : 0;
      last = now;
    }
    return last;
  }
}
