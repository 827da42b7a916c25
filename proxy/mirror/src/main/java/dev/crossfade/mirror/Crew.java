package dev.crossfade.mirror;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Workers that work side by side, each on a chunk of its own. One thread, always the same, hands
 * chunks out and takes what has come of them in the order in which it has handed them out. So there
 * is never a hole below what it has taken, and above it never more than one chunk for each worker.
 *
 * <p>When one fails no more is handed out; the failure comes when it is its chunk's turn.
 *
 * @param <W> what a worker works with, by itself
 * @param <R> what comes of a chunk
 */
final class Crew<W, R> implements AutoCloseable {
  private static final String QUERY_CANCELED = "57014";

  private final Deque<W> idle;
  private final Deque<Turn<W, R>> turns = new ArrayDeque<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean failed;

  private record Turn<W, R>(W worker, Future<R> result) {}

  /** One chunk. */
  interface Task<W, R> {
    R by(W worker) throws SQLException;
  }

  Crew(Collection<W> workers) {
    idle = new ArrayDeque<>(workers);
  }

  /** Whether somebody has nothing to do, and there is a point in it. */
  boolean hasRoom() {
    return !failed && !idle.isEmpty();
  }

  /** Whether all that was handed out has been taken. */
  boolean isDone() {
    return turns.isEmpty();
  }

  /** To be called when there is room. */
  void hand(Task<W, R> task) {
    W worker = idle.remove();
    turns.add(new Turn<>(worker, threads.submit(() -> done(task, worker))));
  }

  private R done(Task<W, R> task, W worker) throws SQLException {
    boolean done = false;
    try {
      R result = task.by(worker);
      done = true;
      return result;
    } finally {
      if (!done) {
        failed = true;
      }
    }
  }

  /** What has come of the oldest chunk; waits for it. To be called when there is one. */
  R take() throws SQLException {
    Turn<W, R> turn = turns.remove();
    R result = result(turn.result());
    idle.add(turn.worker());
    return result;
  }

  /** Waits until nobody works any more. */
  @Override
  public void close() {
    threads.close();
  }

  /** Waits for it; fails as it has failed. */
  static <T extends @Nullable Object> T result(Future<T> future) throws SQLException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", QUERY_CANCELED, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
