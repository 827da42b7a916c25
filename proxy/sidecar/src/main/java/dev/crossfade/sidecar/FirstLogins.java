package dev.crossfade.sidecar;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * The logins to both databases, begun before a start does anything else: a login takes as long as
 * most of that together.
 */
final class FirstLogins implements AutoCloseable {
  private final FutureTask<Optional<String>> old;
  private final FutureTask<Optional<String>> target;

  private FirstLogins(FutureTask<Optional<String>> old, FutureTask<Optional<String>> target) {
    this.old = old;
    this.target = target;
  }

  static FirstLogins begin(
      Databases databases, MetadataConnection old, MetadataConnection target, Executor blocking) {
    FirstLogins logins =
        new FirstLogins(
            new FutureTask<>(() -> databases.firstProblem(old, Side.OLD)),
            new FutureTask<>(() -> databases.firstProblem(target, Side.NEW)));
    blocking.execute(logins.old);
    blocking.execute(logins.target);
    return logins;
  }

  /**
   * Waits for both.
   *
   * @throws StartException when a database cannot be used
   */
  void require() throws StartException {
    StartException.throwIfAny(
        Stream.of(problem(old), problem(target)).flatMap(Optional::stream).toList());
  }

  private static Optional<String> problem(FutureTask<Optional<String>> login)
      throws StartException {
    try {
      return login.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (CancellationException e) {
      throw new StartException("ended while it started");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted");
    }
  }

  /** Nobody waits for them any more. */
  @Override
  public void close() {
    List.of(old, target).forEach(login -> login.cancel(true));
  }
}
