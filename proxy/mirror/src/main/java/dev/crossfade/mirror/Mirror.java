package dev.crossfade.mirror;

import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.sql.capture.CaptureScript;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Carries one migration's changes from the authority to the other side, on a thread of its own,
 * until it is closed. Any number of mirrors, in any number of processes, share the work.
 *
 * <p>It looks into the log when somebody has {@link #kick() committed}, and from time to time for
 * what was written past everybody. When a server is away it tries again, at longer and longer
 * intervals; the authority never waits for it.
 */
public final class Mirror implements AutoCloseable {
  /** SQLSTATE of the mirror's own: the authority does not log its changes. */
  public static final String NOT_CAPTURED = "CF002";

  /** What is told of the log is looked up no more often than that: it is no cheap question. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** After what time the log is looked at, however long nothing has been in it. */
  public static final Duration LONGEST_IDLE = Duration.ofSeconds(1);

  /**
   * Rounds that nobody waits for begin no sooner after each other: each costs both servers as much
   * for one change as for ten.
   */
  static final Duration PACE = Duration.ofMillis(5);

  /** While the other side is away. */
  private static final long LOOK_ALONE_MILLIS = 2_000;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private volatile Link link;
  private final Settings settings;
  private final MirrorMeters meters;
  private final Watermark watermark = new Watermark(this::kick);
  private final Semaphore kicks = new Semaphore(0);
  private final Thread thread;
  private final BatchSize batch;
  private long nextCheck;
  private long lookedAt;
  private boolean worked;
  private volatile long longestIdleMillis = LONGEST_IDLE.toMillis();
  private CanaryState canary;
  private volatile boolean proofAsked;
  private volatile boolean closed;

  /**
   * @param plans all of the migration's groups, with one authority
   * @param capture what the authority must have
   */
  public record Link(
      List<SyncPlan> plans, CaptureScript capture, Endpoint authority, Endpoint receiving) {
    public Link {
      plans = List.copyOf(plans);
    }

    String migration() {
      return plans.getFirst().migration();
    }

    /** With the capture that these databases need, which may be one. */
    Link between(Connection authority, Connection receiving) throws SQLException {
      boolean together = OneDatabase.is(authority, receiving);
      return together == capture.inPlace()
          ? this
          : new Link(plans, OneDatabase.capture(plans, together), this.authority, this.receiving);
    }
  }

  /**
   * @param batch how many changes are taken at a time
   * @param idle after what time the log is looked at when nobody has told of a change
   * @param checkEvery how often it is made sure that changes are still logged
   * @param attempts how often an entity that fails is tried before it is given up
   * @param prove how often a canary is sent; zero: never
   */
  public record Settings(
      int batch, Duration idle, Duration checkEvery, int attempts, Duration prove) {
    public static final Settings USUAL =
        new Settings(256, Duration.ofMillis(200), Duration.ofSeconds(5), 10, Duration.ofSeconds(5));

    /** Without a canary. */
    public Settings(int batch, Duration idle, Duration checkEvery, int attempts) {
      this(batch, idle, checkEvery, attempts, Duration.ZERO);
    }
  }

  private Mirror(Link link, Settings settings, MirrorMeters meters) {
    this.link = link;
    this.settings = settings;
    this.batch = new BatchSize(settings.batch());
    this.meters = meters;
    canary =
        settings.prove().isZero()
            ? CanaryState.NONE
            : new CanaryState(true, System.nanoTime(), Duration.ZERO, "");
    thread = Thread.ofPlatform().name("crossfade-mirror-" + link.migration()).unstarted(this::run);
    thread.setDaemon(true);
  }

  public static Mirror start(Link link, Settings settings, MirrorMeters meters) {
    Mirror mirror = new Mirror(link, settings, meters);
    meters.canary(mirror.canary);
    mirror.thread.start();
    return mirror;
  }

  public Watermark watermark() {
    return watermark;
  }

  /** Looks into the log at least so often, and at least every {@link #LONGEST_IDLE}. */
  public void lookEvery(Duration interval) {
    longestIdleMillis = Math.clamp(interval.toMillis(), 1, LONGEST_IDLE.toMillis());
    kick();
  }

  /** Something has changed: the next canary is sent at once. Never waits. */
  public void prove() {
    proofAsked = true;
    kick();
  }

  /** There may be something in the log. Never waits. */
  public void kick() {
    if (kicks.availablePermits() == 0) {
      kicks.release();
    }
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    while (!closed) {
      try (MirrorConnections connections =
          MirrorConnections.open(link.authority(), link.receiving())) {
        link = link.between(connections.log(), connections.writer());
        connections.forgetLightly();
        connections.planOnce();
        nextCheck = System.nanoTime();
        carry(connections, drain(connections), new CanaryFlight(link, connections, settings));
      } catch (SQLException e) {
        meters.interrupted(e);
        if (Endpoint.isTooLarge(e)) {
          batch.tooLarge();
        }
      } catch (RuntimeException | OutOfMemoryError e) {
        // Whatever it is, the log is still there, and others may know better.
        meters.interrupted(new SQLException("a fault of the mirror's own: " + e, "XX000", e));
        batch.tooLarge();
      }
      if (!closed) {
        pause = worked ? FIRST_PAUSE_MILLIS : Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        worked = false;
        rest(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
      }
    }
    watermark.lost();
  }

  /** New is away, perhaps: what waits for it is to be seen all the same. */
  private void lookAlone() {
    try (Connection authority = link.authority().open(Endpoint.Use.WRITE)) {
      meters.state(LogState.read(authority, link.migration()));
      List<Bypass> waiting = new ArrayList<>();
      for (SyncPlan plan : link.plans()) {
        MutationLog log = MutationLog.open(authority, plan);
        if (log != null) {
          waiting.addAll(log.bypass().waiting());
        }
      }
      meters.bypassing(waiting);
    } catch (SQLException e) {
      meters.interrupted(e);
    }
  }

  /** Whoever commits meanwhile does not end it. */
  private void rest(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long look = System.nanoTime();
    for (long now = look; now - end < 0 && !closed; now = System.nanoTime()) {
      if (now - look >= 0) {
        lookAlone();
        look = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_ALONE_MILLIS);
      }
      long until = Math.min(end - System.nanoTime(), look - System.nanoTime());
      await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until)));
    }
  }

  private void carry(MirrorConnections connections, Drain drain, CanaryFlight flight)
      throws SQLException {
    long idle = 0;
    lookedAt = System.nanoTime() - LOOK_NANOS;
    while (!closed) {
      requireCapture(connections, drain);
      prove(flight);
      int most = batch.now();
      long began = System.nanoTime();
      long round = watermark.begin();
      int taken = drain.step(most, left -> arrived(round, left));
      boolean more = taken == most;
      batch.carried();
      boolean looks = System.nanoTime() - lookedAt >= LOOK_NANOS;
      if (looks) {
        look(connections);
      }
      if (!more) {
        // Many sidecars that have nothing to do should not keep old busy with saying so.
        long longest = longestIdleMillis;
        long shortest = Math.min(settings.idle().toMillis(), longest);
        idle = Math.clamp(idle, shortest, longest);
        long soon = looks ? idle : Math.min(idle, TimeUnit.NANOSECONDS.toMillis(LOOK_NANOS));
        boolean told = await(soon);
        idle = told || taken > 0 ? shortest : idle * 2;
        if (told) {
          pace(began);
        }
      }
    }
  }

  /** Lets more commits come before the next round, unless somebody waits for one of them. */
  private void pace(long began) {
    long end = began + PACE.toNanos();
    for (long left = end - System.nanoTime();
        left > 0 && !closed && !proofAsked && !watermark.isAwaited();
        left = end - System.nanoTime()) {
      awaitNanos(left);
    }
  }

  /** Those who wait hear of it before the log forgets it: what they have waited for is there. */
  private void arrived(long round, Batch.Left left) {
    if (left.isNothing() && link.capture().inPlace()) {
      watermark.together();
    } else if (left.isNothing()) {
      watermark.seenEmpty(round);
    } else {
      watermark.seen(round, left.oldest(), left.last());
    }
  }

  private void prove(CanaryFlight flight) throws SQLException {
    boolean now = proofAsked;
    proofAsked = false;
    // In one database there is no way that could be broken: what is committed has arrived.
    canary = link.capture().inPlace() ? CanaryState.NONE : flight.step(canary, now);
    if (!closed) {
      meters.canary(canary);
    }
    if (flight.isUnderWay()) {
      kick();
    }
  }

  /** Somebody may take a trigger away at any time: then nothing that was carried says anything. */
  private void requireCapture(MirrorConnections connections, Drain drain) throws SQLException {
    if (System.nanoTime() - nextCheck < 0) {
      return;
    }
    long missing =
        new Gap(connections.log(), link.plans().getFirst()).check(link.capture().check());
    if (missing > 0) {
      throw notCaptured(
          missing
              + " triggers are missing or switched off, or changes pass them by; install again");
    }
    drain.look();
    nextCheck = System.nanoTime() + settings.checkEvery().toNanos();
  }

  private SQLException notCaptured(String why) {
    watermark.lost();
    return new SQLException(
        "old and new will differ: the changes of migration "
            + link.migration()
            + " are not logged: "
            + why,
        NOT_CAPTURED);
  }

  private Drain drain(MirrorConnections connections) throws SQLException {
    List<Drain.Group> groups = new ArrayList<>();
    for (SyncPlan plan : link.plans()) {
      MutationLog log = MutationLog.open(connections.log(), plan);
      if (log == null) {
        throw notCaptured("capture is not installed for " + plan.group());
      }
      groups.add(Drain.Group.of(log, new Sync(plan, connections), meters));
    }
    return new Drain(groups, settings.attempts(), meters);
  }

  /** For those who only want to know. */
  private void look(MirrorConnections connections) throws SQLException {
    meters.state(LogState.read(connections.log(), link.migration()));
    meters.works();
    worked = true;
    lookedAt = System.nanoTime();
  }

  /** Whether somebody has told of a change. */
  private boolean await(long millis) {
    return awaitNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private boolean awaitNanos(long nanos) {
    try {
      boolean told = kicks.tryAcquire(nanos, TimeUnit.NANOSECONDS);
      kicks.drainPermits();
      return told;
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Lets it end after the batch under way. Never waits. */
  public void stop() {
    closed = true;
    kick();
  }

  /** Waits for the end, at most a few seconds. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
