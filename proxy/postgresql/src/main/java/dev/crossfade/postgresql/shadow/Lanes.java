package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Backlog;
import dev.crossfade.core.fault.CircuitBreaker;
import dev.crossfade.core.migration.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The connections to one side, what waits for them, and whether that side is asked at all. */
final class Lanes {
  static final int MOST_WAITING = 256;
  static final long MOST_WAITING_BYTES = 4 << 20;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** What is to be done when a read has been run. */
  interface Done {
    void ended(Lane.End end, @Nullable Answer answer, long tookNanos);
  }

  private record Waiting(ReadSample sample, Done done, long sinceNanos) {}

  private final List<Lane> all = new ArrayList<>();
  private final ConcurrentLinkedDeque<Lane> idle = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final Backlog backlog = new Backlog(MOST_WAITING, MOST_WAITING_BYTES);

  /** One failure is enough: here nobody misses anything while it is open. */
  private final CircuitBreaker circuit = new CircuitBreaker(1, PAUSE, System::nanoTime);

  private final Duration patience;

  Lanes(ShadowTarget target, Side side, int lanes, Duration deadline) {
    this.patience = deadline;
    for (int i = 0; i < lanes; i++) {
      Lane lane = new Lane(target, side, deadline);
      all.add(lane);
      idle.push(lane);
    }
  }

  /** Whether the side is asked; when it was not for a while, one caller finds out. */
  boolean tryAcquire() {
    return circuit.tryAcquire();
  }

  boolean isOpen() {
    return circuit.isOpen();
  }

  /** The side did not answer somebody who has a connection of his own. */
  void failed() {
    circuit.failed();
  }

  int waiting() {
    return backlog.count();
  }

  /** Whether there was a place for it. Any thread. */
  boolean offer(ReadSample sample, Done done) {
    if (!backlog.enter(sample.bytes())) {
      return false;
    }
    queue.add(new Waiting(sample, done, System.nanoTime()));
    pump();
    return true;
  }

  private void pump() {
    while (!queue.isEmpty()) {
      Lane lane = idle.poll();
      if (lane == null) {
        return;
      }
      Waiting next = queue.poll();
      if (next == null) {
        idle.push(lane);
      } else {
        backlog.leave(next.sample().bytes());
        run(lane, next);
      }
    }
  }

  private void run(Lane lane, Waiting next) {
    if (System.nanoTime() - next.sinceNanos() > patience.toNanos()) {
      idle.push(lane);
      next.done().ended(Lane.End.LOST, null, 0);
      return;
    }
    lane.ask(
        next.sample(),
        false,
        (end, answer, took) -> {
          if (end == Lane.End.LOST) {
            circuit.failed();
            dropAll();
          } else {
            circuit.succeeded();
          }
          idle.push(lane);
          next.done().ended(end, answer, took);
          pump();
        });
  }

  /** The side is not there: nobody waits for it. */
  private void dropAll() {
    for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
      backlog.leave(next.sample().bytes());
      next.done().ended(Lane.End.LOST, null, 0);
    }
  }

  /** Looks after deadlines. */
  void check(long nowNanos) {
    for (Lane lane : all) {
      lane.check(nowNanos);
    }
  }

  void close() {
    all.forEach(Lane::close);
  }
}
