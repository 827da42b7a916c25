package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.Migration;
import dev.crossfade.server.move.Mover;
import dev.crossfade.server.store.MoveRow;
import dev.crossfade.server.store.MoveStore;
import dev.crossfade.server.store.StoreException;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Calls that wait for a move to end. Whoever goes away only stops waiting. */
public final class MoveCalls {
  private static final int WAITING_MAX = 32;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final MoveStore store;
  private final Mover mover;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private volatile boolean leaving;

  public MoveCalls(MoveStore store, Mover mover) {
    this.store = store;
    this.mover = mover;
  }

  Mover mover() {
    return mover;
  }

  /** The move of a migration that ended last. */
  Optional<MoveRow> last(String migration) throws StoreException {
    return store.last(migration);
  }

  /** With all that is known of the move that is under way. */
  Migration shown(Migration migration) throws StoreException {
    Optional<MoveRow> row =
        migration.hasMove() ? store.find(migration.getMove().getId()) : Optional.empty();
    return row.isEmpty()
        ? migration
        : migration.toBuilder().setMove(MoveWire.move(row.get())).build();
  }

  /**
   * Waits for its end.
   *
   * @throws StatusException when the caller or the control plane leaves, or too many wait; the move
   *     goes on
   */
  MoveRow end(long id) throws StatusException, StoreException {
    if (!waiting.tryAcquire()) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("too many calls wait for moves; this one goes on: see its migration")
          .asException();
    }
    try {
      while (true) {
        Optional<MoveRow> row = store.find(id);
        if (row.isEmpty() || row.get().end() != null) {
          return row.orElseThrow(
              () -> Status.ABORTED.withDescription("the move is no longer kept").asException());
        }
        if (leaving) {
          throw Status.UNAVAILABLE
              .withDescription("the control plane leaves; the move goes on: see its migration")
              .asException();
        }
        if (Context.current().isCancelled()) {
          throw Status.CANCELLED.withDescription("nobody waits for it").asException();
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    } finally {
      waiting.release();
    }
  }

  void leave() {
    leaving = true;
  }
}
