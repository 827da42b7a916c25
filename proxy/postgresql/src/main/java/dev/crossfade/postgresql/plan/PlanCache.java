package dev.crossfade.postgresql.plan;

import dev.crossfade.core.route.RouteReason;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans by fingerprint. A miss starts the making of the plan on the one planner thread and answers
 * {@link PlanState.Pending} until it is there; a full queue answers the same and tries again with
 * the next statement.
 *
 * <p>Thread-safe. Bounded in number and in bytes: when full, the oldest plans make room, so that
 * one in use is made again once in a turnover of the whole cache. What is in the making is bounded
 * by the planner's queue.
 */
public final class PlanCache implements AutoCloseable {
  /** A longer statement gets no plan: it would cost others theirs. */
  public static final int MAX_STATEMENT_BYTES = 16 * 1024;

  /** Of what is kept: fingerprints, translations, descriptions. */
  public static final long MAX_BYTES = 8 * 1024 * 1024;

  /** Of the texts that wait for the planner. */
  public static final long MAX_QUEUED_BYTES = 2 * 1024 * 1024;

  /** A plan above this, which has a great many columns, is not worth its place. */
  private static final long MAX_PLAN_BYTES = MAX_BYTES / 16;

  /** The objects around an entry's bytes, about. */
  private static final int ENTRY_BYTES = 256;

  private static final PlanState PENDING = new PlanState.Pending();

  /** What a fingerprint shows of a statement that writes inside a WITH. */
  private static final String[] WRITES = {" insert ", " update ", " delete ", " merge "};

  /**
   * @param bytes with its key
   */
  private record Entry(PlanState state, long bytes) {
    static Entry of(PlanKey key, PlanState state) {
      long more =
          switch (state) {
            case PlanState.Pending _, PlanState.Movable _ -> 0;
            case PlanState.Ready(ReadPlan plan) -> plan.bytes();
            case PlanState.Written(WritePlan plan) -> plan.bytes();
            case PlanState.Refused refused ->
                2L * refused.detail().length()
                    + (refused.serverError() == null ? 0 : refused.serverError().length);
          };
      long ofKey = key.fingerprint().length() + 4L * key.parameterTypes().length;
      return new Entry(state, ENTRY_BYTES + ofKey + more);
    }
  }

  private final ConcurrentHashMap<PlanKey, Entry> plans = new ConcurrentHashMap<>();

  /** Keys of what was made, the oldest first. The planner thread's own. */
  private final ArrayDeque<PlanKey> byAge = new ArrayDeque<>();

  private final AtomicLong keptBytes = new AtomicLong();
  private final AtomicLong queuedBytes = new AtomicLong();
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
    Entry known = plans.get(key);
    if (known != null) {
      hits.increment();
      return known.state();
    }
    misses.increment();
    if (key.fingerprint().length() > MAX_STATEMENT_BYTES) {
      return tooLarge(key, "more than " + MAX_STATEMENT_BYTES + " bytes");
    }
    String text = sql.get();
    if (text.length() > MAX_STATEMENT_BYTES) {
      // Not kept: another text with this fingerprint may be short.
      return tooLarge(key, "more than " + MAX_STATEMENT_BYTES + " bytes, its literals included");
    }
    Entry pending = Entry.of(key, PENDING);
    if (plans.putIfAbsent(key, pending) == null) {
      keptBytes.addAndGet(pending.bytes());
      if (!enqueue(key, text)) {
        forget(key);
      }
    }
    return PENDING;
  }

  /** What is known, uncounted; null when nothing is. */
  public @Nullable PlanState peek(PlanKey key) {
    Entry known = plans.get(key);
    return known == null ? null : known.state();
  }

  /** What is known is forgotten: the next text with the fingerprint is judged anew. */
  public void again(PlanKey key) {
    forget(key);
  }

  /** False when the queue is full. */
  private boolean enqueue(PlanKey key, String text) {
    long bytes = 2L * text.length();
    if (queuedBytes.addAndGet(bytes) <= MAX_QUEUED_BYTES) {
      try {
        planner.execute(
            () -> {
              try {
                store(key, makeOrRefuse(text, key));
              } finally {
                queuedBytes.addAndGet(-bytes);
              }
            });
        return true;
      } catch (RejectedExecutionException e) {
        // As when its bytes do not fit.
      }
    }
    queuedBytes.addAndGet(-bytes);
    return false;
  }

  /** On the planner thread. */
  private void store(PlanKey key, PlanState made) {
    if (made instanceof PlanState.Pending) {
      forget(key);
      return;
    }
    Entry entry = Entry.of(key, made);
    if (entry.bytes() > MAX_PLAN_BYTES) {
      entry = Entry.of(key, tooLarge(key, "its plan takes " + entry.bytes() + " bytes"));
    }
    while (!byAge.isEmpty()
        && (byAge.size() >= capacity || keptBytes.get() + entry.bytes() > MAX_BYTES)) {
      forget(byAge.remove());
    }
    byAge.add(key);
    Entry before = plans.put(key, entry);
    keptBytes.addAndGet(entry.bytes() - (before == null ? 0 : before.bytes()));
  }

  private void forget(PlanKey key) {
    Entry entry = plans.remove(key);
    if (entry != null) {
      keptBytes.addAndGet(-entry.bytes());
    }
  }

  private PlanState makeOrRefuse(String sql, PlanKey key) {
    try {
      return maker.make(sql, key.parameterTypes());
    } catch (RuntimeException | StackOverflowError e) {
      // A defect of the planner must cost no client anything: the authority answers, the report
      // shows the statement.
      return new PlanState.Refused(
          RouteReason.NOT_TRANSLATABLE,
          PlanState.Consequence.MAY_WRITE,
          "PLANNER_FAILED",
          -1,
          String.valueOf(e));
    }
  }

  /** Its consequence is read from its words: a long list of keys must not count as a write. */
  private static PlanState.Refused tooLarge(PlanKey key, String detail) {
    String words = key.fingerprint().normalizedText();
    PlanState.Consequence consequence =
        words.contains(" into ") ? PlanState.Consequence.MAY_SHADOW : PlanState.Consequence.NONE;
    for (String write : WRITES) {
      if (words.contains(write)) {
        consequence = PlanState.Consequence.MAY_WRITE;
      }
    }
    return new PlanState.Refused(
        RouteReason.NOT_TRANSLATABLE, consequence, "TOO_LARGE", -1, detail);
  }

  public int size() {
    return plans.size();
  }

  /** What the plans and the texts that wait for theirs take in memory, about. */
  public long bytes() {
    return keptBytes.get() + queuedBytes.get();
  }

  public long hits() {
    return hits.sum();
  }

  public long misses() {
    return misses.sum();
  }

  /** The plan in the making is finished and thrown away; those that wait are not begun. */
  @Override
  public void close() {
    planner.getQueue().clear();
    planner.shutdown();
  }
}
