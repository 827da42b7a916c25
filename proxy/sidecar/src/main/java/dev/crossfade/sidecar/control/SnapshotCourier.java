package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries snapshots to the sink, one at a time on one virtual thread, the newest only.
 *
 * <pre>
 * disk ------,                                 ,-- accepted: told, written to disk
 * stream ----+--> next (one place) --> sink ---+
 *            '---- refused, after a pause <----'
 * </pre>
 *
 * <p>A snapshot equal to the one in force is accepted without asking the sink: after a reconnect
 * nothing is torn down. A version below the one in force is offered like any other: the control
 * plane refreshes from its database before it answers a Hello, so a lower version means that the
 * database was restored or rebuilt, and what it says is the truth now.
 */
final class SnapshotCourier implements AutoCloseable {
  /**
   * Hears what became of each snapshot, on the courier's thread; nothing when what was refused is
   * refused once more, for the same reason.
   */
  interface Decisions {
    void decided(Parcel parcel, Optional<Refusal> refusal);
  }

  /**
   * A snapshot on its way.
   *
   * @param stream the number of the stream it came from, so that the answer does not go to a later
   *     one; 0 for the disk
   */
  record Parcel(long stream, Snapshot wire, ControlSnapshot snapshot) {
    boolean isFromDisk() {
      return stream == 0;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotCourier.class);
  private static final int RETRY_GROWTH_MAX = 10;

  /** Where new has the authority, clients get errors until its catalog can be read. */
  private static final Duration RETRY_AWAY = Duration.ofMillis(500);

  private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

  private final LastGoodSnapshot disk;
  private final SnapshotSink sink;
  private final Decisions decisions;
  private final Duration retryRefused;
  private final FirstWord firstWord = new FirstWord();
  private final Thread thread = Thread.ofVirtual().name("crossfade-snapshots").unstarted(this::run);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private @Nullable Parcel next;
  private boolean closed;

  // Of the courier's thread alone.
  private @Nullable ControlSnapshot accepted;
  private @Nullable Parcel refused;
  private @Nullable Refusal refusal;
  private int refusals;

  SnapshotCourier(
      LastGoodSnapshot disk, SnapshotSink sink, Decisions decisions, Duration retryRefused) {
    this.disk = disk;
    this.sink = sink;
    this.decisions = decisions;
    this.retryRefused = retryRefused;
  }

  void start() {
    thread.start();
  }

  /** Puts a snapshot in the one place; what waited there is dropped. */
  void hand(Parcel parcel) {
    lock.lock();
    try {
      next = parcel;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  FirstWord firstWord() {
    return firstWord;
  }

  private void run() {
    try {
      loadFromDisk();
      firstWord.diskRead();
      for (Parcel parcel = take(); parcel != null; parcel = take()) {
        deliver(parcel);
      }
    } catch (InterruptedException e) {
      LOG.debug("Snapshot courier stopped");
    }
  }

  private void loadFromDisk() {
    Optional<Snapshot> wire = disk.load();
    if (wire.isEmpty()) {
      return;
    }
    try {
      deliver(new Parcel(0, wire.get(), SnapshotWire.read(wire.get())));
    } catch (IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("The snapshot on disk is not understood and is ignored");
    }
  }

  /**
   * The next parcel: what arrived, else what was refused when its pause is over. Null when closed.
   */
  private @Nullable Parcel take() throws InterruptedException {
    lock.lock();
    try {
      long pause = pause();
      while (next == null && !closed) {
        if (refused == null) {
          arrived.await();
        } else {
          pause = arrived.awaitNanos(pause);
          if (pause <= 0 && next == null) {
            next = refused;
          }
        }
      }
      Parcel taken = closed ? null : next;
      next = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private long pause() {
    return refusal != null && refusal.away()
        ? Math.min(RETRY_AWAY.toNanos(), retryRefused.toNanos())
        : retryRefused.toNanos() * Math.min(1L << Math.min(refusals, 10), RETRY_GROWTH_MAX);
  }

  private void deliver(Parcel parcel) {
    ControlSnapshot before = accepted;
    boolean known = parcel.snapshot().equals(before);
    if (before != null && parcel.snapshot().version() < before.version()) {
      LOG.atWarn()
          .addKeyValue("version", parcel.snapshot().version())
          .addKeyValue("inForce", before.version())
          .log("The control plane went back in time: taking its word");
    }
    Optional<Refusal> answer = known ? Optional.empty() : ask(parcel.snapshot());
    boolean again = parcel == refused && answer.isPresent() && answer.get().equals(refusal);
    if (answer.isEmpty()) {
      accepted = parcel.snapshot();
      refused = null;
      refusals = 0;
    } else {
      refusals = parcel == refused ? refusals + 1 : 0;
      refused = parcel;
      accepted = null;
    }
    refusal = answer.orElse(null);
    if (!again) {
      decisions.decided(parcel, answer);
    }
    if (!parcel.isFromDisk()) {
      firstWord.said();
    }
    if (answer.isEmpty() && !known && !parcel.isFromDisk()) {
      save(parcel.wire());
    }
  }

  // The sink is foreign code: whatever it throws is a refusal, and the courier goes on.
  private Optional<Refusal> ask(ControlSnapshot snapshot) {
    try {
      return sink.offer(snapshot);
    } catch (RuntimeException e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("version", snapshot.version())
          .log("Taking over a snapshot failed");
      return Optional.of(new Refusal("the sidecar failed to take it over: " + e, false));
    }
  }

  private void save(Snapshot wire) {
    try {
      disk.save(wire);
    } catch (IOException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("version", wire.getVersion())
          .log(
              "The snapshot could not be kept on disk: a restart without the control plane would"
                  + " not have it");
    }
  }

  /** Lets a running delivery and its write to the disk end, bounded; then interrupts. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(CLOSE_MAX)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
