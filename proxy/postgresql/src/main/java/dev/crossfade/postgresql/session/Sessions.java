package dev.crossfade.postgresql.session;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.crossfade.postgresql.wire.CancelKey;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions of the sidecar, found by the key that a cancel request carries. Thread-safe.
 */
public final class Sessions {
  private final ConcurrentHashMap<CancelKey, ClientSession> byKey = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, ClientSession> open = new ConcurrentHashMap<>();
  private final AtomicLong nextId = new AtomicLong(1);
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger arriving = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final int limit;
  private volatile boolean draining;

  /**
   * @param limit sessions admitted at once
   */
  public Sessions(int limit) {
    this.limit = limit;
  }

  /**
   * Lets a connection say what it wants: a cancel request is served even where one more session is
   * not. As many may be about to say it as sessions are admitted. Whoever got true calls {@link
   * #arrived} once.
   */
  boolean greet() {
    if (arriving.incrementAndGet() > limit) {
      arriving.decrementAndGet();
      refused.increment();
      return false;
    }
    return true;
  }

  void arrived() {
    arriving.decrementAndGet();
  }

  /**
   * Counts a client in; false when there are too many. Whoever got true calls {@link #leave} once.
   */
  boolean admit() {
    if (admitted.incrementAndGet() > limit) {
      admitted.decrementAndGet();
      refused.increment();
      return false;
    }
    return true;
  }

  void leave() {
    admitted.decrementAndGet();
  }

  long nextId() {
    return nextId.getAndIncrement();
  }

  void add(ClientSession session, @Nullable CancelKey key) {
    open.put(session.id(), session);
    if (key != null) {
      byKey.put(key, session);
    }
    if (draining) {
      session.drain();
    }
  }

  void remove(ClientSession session, @Nullable CancelKey key) {
    open.remove(session.id());
    if (key != null) {
      byKey.remove(key, session);
    }
  }

  @Nullable ClientSession byKey(CancelKey key) {
    return byKey.get(key);
  }

  /** So many of the sessions that have logged in, those that are there for longest. */
  List<ClientSession> oldest(int most) {
    return open.values().stream()
        .sorted(Comparator.comparingLong(ClientSession::id))
        .limit(most)
        .toList();
  }

  /**
   * Whether old has answered all that was sent to it before a moment. Waits for the sessions'
   * loops.
   *
   * @param since as of {@link System#nanoTime}
   */
  public boolean haveAnswered(long since) {
    List<CompletableFuture<Boolean>> asked =
        open.values().stream()
            .map(
                session ->
                    CompletableFuture.supplyAsync(
                        () -> session.oldSide().inFlight().hasAnswered(since),
                        session.client().eventLoop()))
            .toList();
    return asked.stream().allMatch(answer -> answer.completeOnTimeout(false, 1, SECONDS).join());
  }

  /** Sessions that have logged in. */
  int open() {
    return open.size();
  }

  public int count() {
    return admitted.get();
  }

  /** Whether nobody is there, nor about to say what it wants. */
  public boolean isEmpty() {
    // In this order: who arrives is counted as admitted before it no longer counts as arriving.
    return arriving.get() == 0 && admitted.get() == 0;
  }

  /** How many clients were one too many. */
  public long refused() {
    return refused.sum();
  }

  public int limit() {
    return limit;
  }

  public boolean isDraining() {
    return draining;
  }

  /** Every session ends when its transaction does; {@link #count} falls to 0. */
  public void drain() {
    draining = true;
    open.values().forEach(ClientSession::drain);
  }

  /** Every session ends now. */
  public void closeAll() {
    open.values().forEach(ClientSession::closeNow);
  }
}
