package dev.crossfade.bench.demo;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.data.LensLaw;
import dev.crossfade.bench.demo.ControlPlaneProcess.Listening;
import dev.crossfade.bench.demo.Measurement.Latency;
import dev.crossfade.bench.load.AnswerBook;
import dev.crossfade.bench.load.Load;
import dev.crossfade.bench.load.Tally;
import dev.crossfade.bench.process.Packaged;
import dev.crossfade.testkit.process.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The demo's script. One thread runs it; {@link #close()} may come from another and ends everything
 * it started.
 */
final class DemoRun implements AutoCloseable {
  private static final int CUSTOMERS = 100_000;
  private static final int ORDERS = 200_000;
  private static final String ANSWERS = "crossfade_answer_seconds";

  /** Of fewer, such as those in flight when a share changed, no percentile is shown. */
  private static final int LEAST_ANSWERS = 50;

  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration OUTAGE = Duration.ofSeconds(3);
  private static final Duration HEALED = Duration.ofSeconds(30);

  private final Schedule schedule;
  private final int clients;
  private final long seed;
  private final Screen screen;
  private final boolean followsFlag;
  private final LensFile lens = LensFile.splitCustomers();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;
  private int failures;
  private @Nullable Site site;
  private volatile @Nullable ControlPlaneProcess controlPlane;
  private @Nullable Catalog catalog;
  private volatile @Nullable FlagStage flag;
  private volatile @Nullable SidecarProcess sidecar;
  private volatile @Nullable Load load;

  /**
   * @param followsFlag whether the share of reads is that of a flag of Unleash
   */
  DemoRun(Schedule schedule, int clients, long seed, Screen screen, boolean followsFlag) {
    this.schedule = schedule;
    this.clients = clients;
    this.seed = seed;
    this.screen = screen;
    this.followsFlag = followsFlag;
  }

  /** Plays the script to its end and returns whether everything was as promised. */
  boolean play() throws SQLException {
    DataSet data = new DataSet(seed, CUSTOMERS, ORDERS);
    AnswerBook book = prepare(data);
    ramp();
    startLoad(book);
    screen.header();
    for (Schedule.Step step : schedule.steps()) {
      judge(measure(step));
    }
    if (schedule.chaos()) {
      breakThings();
    }
    return conclude();
  }

  /** Databases, data, laws, answers; the control plane starts meanwhile. */
  private AnswerBook prepare(DataSet data) throws SQLException {
    long start = System.nanoTime();
    Site here = own(Site.start());
    site = here;
    CompletableFuture<Void> others = CompletableFuture.runAsync(() -> startOthers(here));
    screen.done("two PostgreSQL servers", start);
    start = System.nanoTime();
    here.fill(data, lens);
    screen.done(
        "old: %,d customers, %,d orders, the pgbench tables; new: filled through the lens"
            .formatted(CUSTOMERS, ORDERS),
        start);
    start = System.nanoTime();
    checkLaws(here);
    screen.done("the laws of the lens hold for every row", start);
    start = System.nanoTime();
    AnswerBook book =
        AnswerBook.ask(
            Site.appUrl(here.old().host(), here.old().port()), data, seed, schedule.questions());
    screen.done(
        "%,d questions asked of old directly, the answers kept".formatted(book.size()), start);
    start = System.nanoTime();
    try {
      others.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    FlagStage unleash = flag;
    screen.done(
        (unleash == null ? "" : "Unleash; ") + "control plane; sidecar with 64 MB of heap", start);
    if (unleash != null) {
      screen.line("    %s", unleash.invitation());
    }
    screen.line("  watch it all at %s", present(controlPlane).console());
    return book;
  }

  private void startOthers(Site here) {
    if (followsFlag) {
      flag = own(FlagStage.start());
    }
    ControlPlaneProcess first = startControlPlane(here, Listening.ANYWHERE);
    sidecar =
        own(
            SidecarProcess.start(
                here.scratch().write("sidecar.yaml", SidecarYaml.following(here, first.port()))));
  }

  private ControlPlaneProcess startControlPlane(Site here, Listening at) {
    Path directory = here.scratch().directory().resolve("control-plane");
    FlagStage unleash = flag;
    ControlPlaneProcess started =
        own(
            unleash == null
                ? ControlPlaneProcess.start(directory, at)
                : unleash.controlPlane(
                    Packaged.CONTROL_PLANE.jvm(), directory, here.scratch(), at));
    controlPlane = started;
    return started;
  }

  private void checkLaws(Site here) throws SQLException {
    try (Connection old = here.connectToOld();
        Connection target = here.connectToNew()) {
      List<LensLaw.Finding> findings = LensLaw.check(lens, old, target);
      for (LensLaw.Finding finding : findings) {
        if (!finding.holds()) {
          screen.line(
              "  %s FAILS: %,d of %,d rows differ",
              finding.law(), finding.differing(), finding.rows());
          throw new IllegalStateException(
              "the lens loses data: " + finding.law() + " does not hold");
        }
        screen.line("    %-60s %,9d rows, 0 differ", finding.law(), finding.rows());
      }
    }
  }

  /** One stage at a time up to RAMP, with no read on new yet. */
  private void ramp() {
    long start = System.nanoTime();
    Catalog steps = own(new Catalog("127.0.0.1", present(controlPlane).port(), lens.name()));
    catalog = steps;
    steps.apply(followsFlag ? FlagStage.yaml(lens) : lens.yaml(), "split-customers.yaml");
    steps.stage(Stage.STAGE_DUAL_WRITE);
    steps.stage(Stage.STAGE_SHADOW);
    awaitInForce(steps.stage(Stage.STAGE_RAMP));
    screen.done(
        "migration %s applied: OFF, DUAL_WRITE, SHADOW, RAMP".formatted(lens.name()), start);
  }

  private void startLoad(AnswerBook book) {
    SidecarProcess before = present(sidecar);
    load =
        own(
            Load.start(
                new Load.Target(Site.appUrl(before.host(), before.port()), book), clients, seed));
    screen.line(
        "  %d pgjdbc clients at work: prepared, simple, unnamed and READ ONLY transactions in turn",
        clients);
  }

  private void awaitInForce(long version) {
    Await.until(
        "the sidecar to have version " + version + " in force",
        HEALED,
        () -> present(sidecar).scrape().sum("crossfade_snapshot_version", Map.of()) >= version);
  }

  private Measurement measure(Schedule.Step step) {
    FlagStage unleash = flag;
    awaitInForce(
        unleash == null
            ? present(catalog).reads(step.percent())
            : unleash.reads(present(catalog), step.percent()));
    return measure(step.percent(), step.enoughReads(), schedule.shortest());
  }

  private Measurement measure(int percent, long enough, Duration shortest) {
    Scrape before = present(sidecar).scrape();
    Tally.Counts counts = present(load).tally().counts();
    long start = System.nanoTime();
    while (true) {
      LockSupport.parkNanos(LOOK.toNanos());
      double seconds = (System.nanoTime() - start) / 1e9;
      Measurement measured = measured(percent, seconds, before, counts);
      boolean late = seconds >= schedule.longest().toSeconds();
      if (late
          || isClosed()
          || seconds * 1000 >= shortest.toMillis() && measured.split().routable() >= enough) {
        return measured;
      }
      screen.live(measured);
    }
  }

  private Measurement measured(int percent, double seconds, Scrape before, Tally.Counts counts) {
    Scrape now = present(sidecar).scrape();
    Split split = Split.of(now, lens.name()).minus(Split.of(before, lens.name()));
    return new Measurement(
        percent,
        seconds,
        split,
        present(load).tally().counts().minus(counts),
        latency("new", now, before),
        latency("old", now, before));
  }

  private static Latency latency(String side, Scrape now, Scrape before) {
    Map<String, String> labels = Map.of("side", side, "kind", "read");
    double answers = now.sum(ANSWERS + "_count", labels) - before.sum(ANSWERS + "_count", labels);
    return answers < LEAST_ANSWERS
        ? Latency.UNKNOWN
        : new Latency(
            now.percentile(ANSWERS, labels, 0.5, before),
            now.percentile(ANSWERS, labels, 0.99, before));
  }

  private void judge(Measurement measured) {
    screen.step(measured);
    long enough =
        Math.min(Schedule.LEAST_READS, new Schedule.Step(measured.percent()).enoughReads());
    if (measured.split().routable() < enough) {
      fail(
          "only %,d routable reads in %.0f s"
              .formatted(measured.split().routable(), measured.seconds()));
    } else if (!measured.shareHolds()) {
      fail(
          "the share of new is %.2f points off at %,d reads"
              .formatted(measured.pointsOff(), measured.split().routable()));
    }
  }

  private void fail(String what) {
    failures++;
    screen.line("    FAILED: %s", what);
  }

  /** The control plane and new die and come back while half of the reads are to go to new. */
  private void breakThings() {
    judge(measure(new Schedule.Step(50)));
    Tally.Counts before = present(load).tally().counts();
    ControlPlaneProcess killed = present(controlPlane);
    killed.kill();
    screen.line("    the control plane was killed");
    screen.step(measure(50, 1, OUTAGE));
    startControlPlane(present(site), killed.listening());
    awaitReconnected();
    screen.line("    the control plane is back, the sidecar has found it");
    present(site).target().kill();
    screen.line("    new was killed");
    screen.step(measure(50, 1, OUTAGE));
    present(site).target().startAgain();
    awaitNewAnswers();
    screen.line("    new is back and answers");
    judge(measure(new Schedule.Step(50)));
    judge(measure(new Schedule.Step(0)));
    Tally.Counts during = present(load).tally().counts().minus(before);
    screen.line(
        "    while things broke: %,d reads, %,d writes, %,d wrong answers, %,d client errors",
        during.reads(), during.writes(), during.wrong(), during.errors());
  }

  private void awaitReconnected() {
    Await.until(
        "the sidecar to reach the control plane again",
        HEALED,
        () -> present(sidecar).scrape().sum("crossfade_control_connected", Map.of()) == 1);
  }

  private void awaitNewAnswers() {
    long before = Split.of(present(sidecar).scrape(), lens.name()).onNew();
    Await.until(
        "new to answer reads again",
        HEALED,
        () -> {
          Scrape now = present(sidecar).scrape();
          return now.sum("crossfade_circuit_open", Map.of()) == 0
              && Split.of(now, lens.name()).onNew() > before + 100;
        });
  }

  private boolean conclude() {
    Tally tally = present(load).tally();
    Tally.Counts counts = tally.counts();
    screen.line("");
    for (String message : tally.messages()) {
      screen.line("  %s", message);
    }
    boolean fine = counts.flawless() && failures == 0;
    screen.line(
        "%s: %,d reads checked against old, %,d wrong answers, %,d writes, %,d client errors",
        fine ? "Everything as promised" : "NOT as promised",
        counts.reads(),
        counts.wrong(),
        counts.writes(),
        counts.errors());
    return fine;
  }

  /** Where everything is, for a person who wants to look around. */
  void printAddresses() {
    new Addresses(present(site), present(sidecar), present(controlPlane), flag)
        .print(screen, lens.name());
  }

  private <T extends AutoCloseable> T own(T thing) {
    synchronized (started) {
      if (!closed) {
        started.push(thing);
        return thing;
      }
    }
    closeQuietly(thing);
    throw new IllegalStateException("the demo was ended");
  }

  private boolean isClosed() {
    synchronized (started) {
      return closed;
    }
  }

  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started yet");
    }
    return part;
  }

  @Override
  public void close() {
    Deque<AutoCloseable> parts;
    synchronized (started) {
      closed = true;
      parts = new ArrayDeque<>(started);
      started.clear();
    }
    Load running = load;
    if (running != null) {
      running.stop();
    }
    // The databases, which came first, go last; what stands before them takes its time, so all of
    // it goes at once.
    AutoCloseable first = parts.pollLast();
    CompletableFuture.allOf(
            parts.stream()
                .map(part -> CompletableFuture.runAsync(() -> closeQuietly(part)))
                .toArray(CompletableFuture<?>[]::new))
        .join();
    if (first != null) {
      closeQuietly(first);
    }
  }

  private static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      // The operating system ends what is left: every child is tied to this process.
      System.err.println("could not be ended in order: " + e.getMessage());
    }
  }
}
