package dev.crossfade.postgresql.plan;

import dev.crossfade.core.route.RouteReason;
import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Plans by fingerprint. A miss starts the making of the plan on the one planner thread and answers {@link
 * PlanState.Pending} until it is there; a full queue answers the same and tries again with the next statement.
 *
 * <p>Thread-safe. Bounded: when full, a sixteenth of the entries makes room.
 */
public final class PlanCache implements AutoCloseable {
  private static final PlanState PENDING = new PlanState.Pending();

  private final ConcurrentHashMap<PlanKey, PlanState> plans = new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final PlanMaker maker;
  private final ThreadPoolExecutor planner;
  private final int capacity;

  /**
   * @param capacity plans kept, at least 16
   * @param queue statements that may wait for the planner
   */
  public PlanCache(PlanMaker maker, int capacity, int queue) {
    this.maker = maker;
    this.capacity = capacity;
    this.planner =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().daemon().name("crossfade-planner").factory());
  }

  /**
   * @param sql called on the calling thread, only on a miss
   */
  public PlanState find(PlanKey key, Supplier<String> sql) {
    PlanState known = plans.get(key);
    if (known != null) {
      hits.increment();
      return known;
    }
    misses.increment();
    if (plans.size() >= capacity) {
      makeRoom();
    }
    if (plans.putIfAbsent(key, PENDING) == null) {
      String text = sql.get();
      try {
        planner.execute(() -> store(key, makeOrRefuse(text, key)));
      } catch (RejectedExecutionException e) {
        plans.remove(key, PENDING);
      }
    }
    return PENDING;
  }

  private void store(PlanKey key, PlanState made) {
    if (made instanceof PlanState.Pending) {
      plans.remove(key);
    } else {
      plans.put(key, made);
    }
  }

  private PlanState makeOrRefuse(String sql, PlanKey key) {
    try {
      return maker.make(sql, key.parameterTypes());
    } catch (RuntimeException | StackOverflowError e) {
      // A defect of the planner must cost no client anything: the authority answers, the report shows the statement.
      return new PlanState.Refused(
          RouteReason.NOT_TRANSLATABLE, PlanState.Consequence.MAY_WRITE, "PLANNER_FAILED", 0, String.valueOf(e));
    }
  }

  private void makeRoom() {
    Iterator<PlanKey> keys = plans.keySet().iterator();
    for (int i = capacity / 16; i > 0 && keys.hasNext(); i--) {
      plans.remove(keys.next());
    }
  }

  public int size() {
    return plans.size();
  }

  public long hits() {
    return hits.sum();
  }

  public long misses() {
    return misses.sum();
  }

  /** Plans in the making are finished and thrown away. */
  @Override
  public void close() {
    planner.shutdown();
  }
}
