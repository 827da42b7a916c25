package dev.crossfade.mirror;

import dev.crossfade.mirror.Comparison.Found;
import dev.crossfade.sql.capture.CaptureSchema;
import dev.crossfade.sql.image.SyncPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the two sides without moving rows: both hash what a range of entities comes to, and only
 * where the hashes differ are entities looked at one by one.
 *
 * <p>While others write, new is always a little behind. So what differs is not drift yet: an entity
 * has drifted when its image on the authority did not change, nothing about it was in the log, and
 * the other side still had something else.
 *
 * <p>Several workers compare chunks side by side; it has come as far as all is compared below.
 */
public final class Verify {
  public static final int WORKERS_MAX = WorkerConnections.WORKERS_MAX;

  private final List<SyncPlan> plans;
  private final Endpoint authority;
  private final Endpoint receiving;
  private final Settings settings;
  private final boolean reversed;

  /**
   * @param chunk entities in a query, of each table
   * @param workers side by side, each with two connections; three more are everybody's
   */
  public record Settings(int chunk, int workers) {
    public static final Settings USUAL = new Settings(10_000, 2);

    public Settings {
      if (chunk < 1 || workers < 1 || workers > WORKERS_MAX) {
        throw new IllegalArgumentException(chunk + " entities, " + workers + " workers");
      }
    }
  }

  /** Is told what was found, in the order of the keys, by the thread that runs the verification. */
  public interface Findings {
    /**
     * @param rows of the authority's image that were compared since the last call
     */
    void compared(String group, long rows);

    /** An entity is not equal, and nothing is under way that would make it so. */
    void drift(SyncPlan plan, List<String> key);

    /** An entity was never seen equal, and never seen at rest either. */
    void restless(SyncPlan plan, List<String> key);

    /**
     * Everything up to here has been compared, and was told.
     *
     * @return false to stop here
     */
    default boolean reached(SyncPlan plan, Position position) {
      return true;
    }
  }

  /**
   * How far it has come: enough to go on after any death.
   *
   * @param group of tables; those before it are done
   * @param list which of the group's lists of keys; those before it are done
   * @param after the greatest key that is done; null before the first
   */
  public record Position(String group, int list, @Nullable List<String> after) {
    public static final Position START = new Position("", 0, null);

    public Position {
      after = after == null ? null : List.copyOf(after);
    }
  }

  public Verify(List<SyncPlan> plans, Endpoint authority, Endpoint receiving, Settings settings) {
    this(plans, authority, receiving, settings, false);
  }

  /**
   * @param reversed whether it is the receiving side of the plans that has the authority: then its
   *     log tells what is under way, and it is the plans' image that may be behind
   */
  Verify(
      List<SyncPlan> plans,
      Endpoint authority,
      Endpoint receiving,
      Settings settings,
      boolean reversed) {
    this.reversed = reversed;
    this.plans = List.copyOf(plans);
    this.authority = authority;
    this.receiving = receiving;
    this.settings = settings;
  }

  /**
   * @throws SQLException when a server can not be used
   */
  public void run(Findings findings) throws SQLException {
    run(Position.START, findings);
  }

  /**
   * @param from where an earlier one has stopped
   * @return false when it was stopped
   * @throws SQLException when a server can not be used; with {@link CaptureSchema#FENCED} when the
   *     authority has been moved
   */
  public boolean run(Position from, Findings findings) throws SQLException {
    int first = Math.max(0, plans.stream().map(SyncPlan::group).toList().indexOf(from.group()));
    try (WorkerConnections workers =
            WorkerConnections.open(authority, receiving, Endpoint.Use.READ, settings.workers());
        Connection authorityKeys = authority.open(Endpoint.Use.READ);
        Connection receivingKeys = receiving.open(Endpoint.Use.READ);
        Connection log = (reversed ? receiving : authority).open(Endpoint.Use.WRITE);
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Chunks.Keys keys = new Chunks.Keys(authorityKeys, receivingKeys, settings.chunk());
      Comparison.Shared shared = new Comparison.Shared(log, others, reversed);
      for (SyncPlan plan : plans.subList(first, plans.size())) {
        Position start =
            plan.group().equals(from.group()) ? from : new Position(plan.group(), 0, null);
        try (Crew<Comparison, Found> crew =
            new Crew<>(
                workers.pairs().stream()
                    .map(pair -> new Comparison(plan, pair, shared))
                    .toList())) {
          Pass pass = new Pass(plan, crew, findings);
          for (int list = start.list(); list < Chunks.lists(plan); list++) {
            List<String> after = list == start.list() ? start.after() : null;
            if (!pass.run(Chunks.of(plan, keys, list, after), list)) {
              return false;
            }
          }
        }
      }
      return true;
    }
  }

  /** One group. While chunks are compared the next one is looked for. */
  private record Pass(SyncPlan plan, Crew<Comparison, Found> crew, Findings findings) {
    boolean run(Chunks chunks, int list) throws SQLException {
      Deque<Chunks.Chunk> handed = new ArrayDeque<>();
      Chunks.Chunk next = chunks.next();
      while (true) {
        while (next != null && crew.hasRoom()) {
          Chunks.Chunk chunk = next;
          crew.hand(comparison -> comparison.of(chunk.entities()));
          handed.add(chunk);
          next = chunks.next();
        }
        if (crew.isDone()) {
          return reached(list + 1, null);
        }
        tell(crew.take());
        List<String> last = handed.remove().last();
        // What is still under way then is nobody's: it is compared again another time.
        if (last != null && !reached(list, last)) {
          return false;
        }
      }
    }

    private void tell(Found found) {
      findings.compared(plan.group(), found.rows());
      found.drifted().forEach(key -> findings.drift(plan, key));
      found.restless().forEach(key -> findings.restless(plan, key));
    }

    private boolean reached(int list, @Nullable List<String> after) {
      return findings.reached(plan, new Position(plan.group(), list, after));
    }
  }
}
