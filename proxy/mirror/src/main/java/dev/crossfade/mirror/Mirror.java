package dev.crossfade.mirror;

import dev.crossfade.sql.image.SyncPlan;
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
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Link link;
  private final Settings settings;
  private final MirrorMeters meters;
  private final Watermark watermark = new Watermark();
  private final Semaphore kicks = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param plans all of the migration's groups, with one authority
   */
  public record Link(List<SyncPlan> plans, Endpoint authority, Endpoint receiving) {
    public Link {
      plans = List.copyOf(plans);
    }

    String migration() {
      return plans.getFirst().migration();
    }
  }

  /**
   * @param batch how many changes are taken at a time
   * @param idle after what time the log is looked at when nobody has told of a change
   * @param attempts how often an entity that fails is tried before it is given up
   */
  public record Settings(int batch, Duration idle, int attempts) {
    public static final Settings USUAL = new Settings(256, Duration.ofMillis(200), 10);
  }

  private Mirror(Link link, Settings settings, MirrorMeters meters) {
    this.link = link;
    this.settings = settings;
    this.meters = meters;
    thread = Thread.ofPlatform().name("crossfade-mirror-" + link.migration()).unstarted(this::run);
    thread.setDaemon(true);
  }

  public static Mirror start(Link link, Settings settings, MirrorMeters meters) {
    Mirror mirror = new Mirror(link, settings, meters);
    mirror.thread.start();
    return mirror;
  }

  public Watermark watermark() {
    return watermark;
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
        List<Drain> drains = drains(connections);
        while (!closed) {
          boolean more = drain(drains);
          look(connections);
          pause = FIRST_PAUSE_MILLIS;
          if (!more) {
            await(settings.idle().toMillis());
          }
        }
      } catch (SQLException e) {
        meters.interrupted(e);
        await(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private List<Drain> drains(MirrorConnections connections) throws SQLException {
    List<Drain> drains = new ArrayList<>();
    for (SyncPlan plan : link.plans()) {
      MutationLog log = MutationLog.open(connections.log(), plan);
      if (log == null) {
        throw new SQLException(
            "the authority does not note the changes of " + plan.group() + " yet", "CF002");
      }
      drains.add(new Drain(log, new Sync(plan, connections), settings.attempts(), meters));
    }
    return drains;
  }

  /** One batch of each group. */
  private boolean drain(List<Drain> drains) throws SQLException {
    boolean more = false;
    for (Drain drain : drains) {
      more |= !closed && drain.step(settings.batch()) == settings.batch();
    }
    return more;
  }

  private void look(MirrorConnections connections) throws SQLException {
    long round = watermark.begin();
    LogState state = LogState.read(connections.log(), link.migration());
    watermark.seen(round, state);
    meters.state(state);
  }

  private void await(long millis) {
    try {
      if (kicks.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        kicks.drainPermits();
      }
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    }
  }

  /** Ends after the batch under way, at most a few seconds later. */
  @Override
  public void close() {
    closed = true;
    kick();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
