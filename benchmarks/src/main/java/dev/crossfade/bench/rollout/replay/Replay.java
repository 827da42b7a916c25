package dev.crossfade.bench.rollout.replay;

import dev.crossfade.bench.rollout.workload.Call;
import dev.crossfade.bench.rollout.workload.Workload;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One way's sessions, which stay connected between its turns. Blocks while a turn lasts. */
public final class Replay implements AutoCloseable {
  /** Who is so far behind will not catch up: the rest of the turn is not begun. */
  private static final long BEHIND_MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Way way;
  private final Workload workload;
  private final List<Session> sessions = new ArrayList<>();

  private Replay(Way way, Workload workload) {
    this.way = way;
    this.workload = workload;
  }

  /** Connects. */
  public static Replay open(Way way, Workload workload, int sessions) throws SQLException {
    Replay replay = new Replay(way, workload);
    try {
      for (int i = 0; i < sessions; i++) {
        replay.sessions.add(new Session(way, workload.writes()));
      }
      return replay;
    } catch (SQLException e) {
      replay.close();
      throw new SQLException(way.name() + ": " + e.getMessage(), e.getSQLState(), e);
    }
  }

  public Way way() {
    return way;
  }

  /** Replays for as long as the pace says. */
  public Turn turn(Pace pace) {
    long[] dues = pace.dues();
    AtomicInteger next = new AtomicInteger();
    int statements = workload.statements().size();
    List<Turn> parts = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    long start = System.nanoTime();
    for (Session session : sessions) {
      Turn part = new Turn(statements);
      parts.add(part);
      threads.add(
          Thread.ofPlatform()
              .name("replay")
              .daemon()
              .start(() -> play(session, pace, new Due(start, dues, next), part)));
    }
    Turn whole = new Turn(statements);
    for (int i = 0; i < threads.size(); i++) {
      join(threads.get(i));
      whole.add(parts.get(i));
    }
    double wall = (System.nanoTime() - start) / 1e9;
    whole.lasted(Math.max(wall, pace.length().toMillis() / 1e3));
    return whole;
  }

  /** Who takes a number does what is due then. */
  private record Due(long start, long[] dues, AtomicInteger next) {}

  private void play(Session session, Pace pace, Due due, Turn turn) {
    while (true) {
      int number = due.next().getAndIncrement();
      if (number >= due.dues().length) {
        return;
      }
      List<Call> calls = workload.transaction(pace.first() + number);
      long at = due.start() + due.dues()[number];
      await(at);
      if (System.nanoTime() - at > BEHIND_MAX_NANOS) {
        int rest = due.next().getAndSet(due.dues().length);
        turn.abandon(1 + Math.max(0, due.dues().length - rest));
        return;
      }
      session.run(calls, at, turn);
    }
  }

  private static void await(long at) {
    long left = at - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = at - System.nanoTime();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    sessions.forEach(Session::close);
  }
}
