package dev.crossfade.net.handover;

import dev.crossfade.net.loop.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a process waits for the one that is to take its place.
 *
 * <pre>
 * successor                              predecessor
 * crossfade-handover 1            --->
 *                                 <---   has tcp:127.0.0.1:6432 local:/run/.s.PGSQL.6432  (or: no REASON)
 * send                            --->
 *                                 <---   a descriptor of each, in this order
 * (starts; only the predecessor accepts)
 * ready                           --->   frees what one process alone may have
 *                                 <---   yours
 * (takes what was freed; both accept)
 * taken                           --->   gives up: closes its descriptors
 *                                 <---   done
 * </pre>
 *
 * Both have descriptors of the same sockets, so whoever connects meanwhile waits in one queue that
 * is never closed, and there is no moment at which nobody accepts. Until {@code taken}, a successor
 * that dies has changed nothing: the predecessor takes back what it had freed. A predecessor that
 * dies leaves everything to the successor.
 *
 * <p>A successor that only stands by says so in place of {@code ready}, and hears nothing more for
 * as long as all is well:
 *
 * <pre>
 * standby                         predecessor
 * standby                         --->
 *                                 <---   waits   (others may be served)
 *                                 <---   yours   (it ends, and has freed; on as above)
 *                                 <---   no another process has taken over
 *                                 (nothing, and the end: it is dead)
 * </pre>
 *
 * The place it waits at is left and taken back with everything else that is freed; who stands by is
 * known for as long as the process lives.
 */
public final class HandoverPort implements AutoCloseable {
  static final String HELLO = "crossfade-handover 1";
  static final String SEND = "send";
  static final String READY = "ready";
  static final String STANDBY = "standby";
  static final String WAITS = "waits";
  static final String YOURS = "yours";
  static final String TAKEN = "taken";
  static final String DONE = "done";
  static final String HAS = "has";
  static final String NO = "no ";

  /** While one is served already. */
  static final String BUSY = NO + "another process is about to take over";

  /** To whoever has not. */
  static final String SUCCEEDED = NO + "another process has taken over";

  /** The successor takes what was freed. */
  private static final Duration TAKE_MAX = Duration.ofMinutes(1);

  /** What takes a moment. */
  static final Duration PROMPT = Duration.ofSeconds(10);

  /** The successor starts, and may wait for others; nothing is lost while it does. */
  private static final Duration START_MAX = Duration.ofHours(2);

  private static final Logger LOG = LoggerFactory.getLogger(HandoverPort.class);

  private final Estate estate;
  private final Door door;

  /** Of the one successor that is served. */
  private final Semaphore turn = new Semaphore(1);

  /** Has the sockets and is not ready yet. */
  private final AtomicReference<@Nullable Line> starting = new AtomicReference<>();

  /** The one that waits for this process to end. */
  private final AtomicReference<@Nullable Standby> standby = new AtomicReference<>();

  /** Held by whoever passes everything on. */
  private final ReentrantLock passing = new ReentrantLock();

  /** Whether everything is another process'; for who holds {@link #passing}. */
  private boolean passed;

  /** What is handed over. One caller at a time; may block. */
  public interface Estate {
    List<Heirloom> heirlooms();

    /** Frees what only one process may have, the place too; clients are accepted on. */
    void free() throws IOException;

    /** Takes back what was freed, as far as that goes. */
    void reclaim();

    /** All of it is another's: nothing is accepted. Clients wait for this. */
    void giveUp();

    /** The other one has been told. */
    void given();
  }

  private HandoverPort(EventLoops loops, Path place, Estate estate, Executor blocking) {
    this.estate = estate;
    this.door = new Door(loops, place, line -> blocking.execute(() -> serve(line)));
  }

  /**
   * Waits for successors.
   *
   * @param place a path that nobody listens at
   * @param blocking for what is done for one
   * @throws IOException when the place is taken or cannot be
   */
  public static HandoverPort open(EventLoops loops, Path place, Estate estate, Executor blocking)
      throws IOException {
    HandoverPort port = new HandoverPort(loops, place, estate, blocking);
    port.takePlace();
    return port;
  }

  /**
   * Waits for successors again; not after {@link #close}.
   *
   * @throws IOException when the place is taken or cannot be
   */
  public void takePlace() throws IOException {
    door.open();
  }

  /** No more successors until {@link #takePlace}; who is there already is served on. */
  public void leavePlace() {
    door.shut();
  }

  /** No more successors; who is there already is served on. */
  @Override
  public void close() {
    door.close();
  }

  /** Waits until no successor is served, or until it has taken this long. */
  public void awaitQuiet(Duration most) throws InterruptedException {
    if (turn.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
      turn.release();
    }
  }

  /** Whether a process waits for this one to end. */
  public boolean hasStandby() {
    return standby.get() != null;
  }

  /**
   * Hands over to the process that stands by, if one does; one that only starts to take over comes
   * too late then.
   *
   * @return whether it has everything now
   */
  public boolean leaveToStandby() throws InterruptedException {
    Standby waits = standby.get();
    if (waits == null) {
      return false;
    }
    waits.line.wake();
    try {
      return waits.passedOn.get(2 * PROMPT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn().setCause(e).log("The process that stood by has not taken over");
      return false;
    }
  }

  /**
   * This process ends without having handed over. Who has its sockets already gets the rest as from
   * a dead one, rather than when the last client has left; where nobody has, nothing is done.
   */
  public void abandon() throws InterruptedException {
    Line successor = starting.get();
    Standby waits = standby.get();
    if ((successor == null && waits == null)
        || !passing.tryLock(PROMPT.toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    try {
      if (passed) {
        return;
      }
      passed = true;
      estate.free();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("Not all of it is left");
    } finally {
      passing.unlock();
    }
    LOG.atInfo().log("What was not handed over is left");
    orphanStandby();
    if (successor != null) {
      successor.close();
    }
  }

  /** A process that waits for this one to end. */
  private static final class Standby {
    final Line line;

    /** Whether it has everything; told once. */
    final CompletableFuture<Boolean> passedOn = new CompletableFuture<>();

    Standby(Line line) {
      this.line = line;
    }
  }

  private void serve(Line line) {
    try (line) {
      // Heard to its end, or it would find the conversation over before it has begun.
      if (!line.hears(HELLO, PROMPT)) {
        line.say(NO + "it speaks another version of the hand-over");
        return;
      }
      if (!turn.tryAcquire()) {
        line.say(BUSY);
        return;
      }
      Standby waits;
      try {
        waits = handOver(line);
      } finally {
        starting.set(null);
        turn.release();
      }
      if (waits != null) {
        attend(waits);
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("A successor was not let in");
    }
  }

  /** One that stands by from now on; null for any other. */
  private @Nullable Standby handOver(Line line) throws IOException {
    List<Heirloom> heirlooms = estate.heirlooms();
    line.say(HAS + heirlooms.stream().map(one -> ' ' + one.name()).collect(Collectors.joining()));
    if (!line.hears(SEND, PROMPT)) {
      // It wants others; it has said so itself.
      return null;
    }
    if (!give(line, heirlooms)) {
      line.say(SUCCEEDED);
      return null;
    }
    String wish = line.next(START_MAX) instanceof Line.Heard.Text(String text) ? text : "";
    switch (wish) {
      case STANDBY -> {
        Standby waits = new Standby(line);
        if (standby.compareAndSet(null, waits)) {
          return waits;
        }
        line.say(NO + "another process stands by already");
      }
      case READY -> {
        if (passOn(line, TAKE_MAX)) {
          dismissStandby();
        }
      }
      default -> LOG.atWarn().log("The successor ended before it was ready");
    }
    return null;
  }

  /** Whether they are this process' own still: a descriptor that is closed may be another one's. */
  private boolean give(Line line, List<Heirloom> heirlooms) throws IOException {
    passing.lock();
    try {
      if (passed) {
        return false;
      }
      starting.set(line);
      for (Heirloom one : heirlooms) {
        line.give(one.descriptor());
      }
      return true;
    } finally {
      passing.unlock();
    }
  }

  /** Until it has gone, has been sent away, or has taken over. */
  private void attend(Standby waits) throws IOException {
    boolean passedOn = false;
    try {
      waits.line.say(WAITS);
      LOG.atInfo().log("A process stands by");
      // Woken: it has started already, and this process has to end.
      passedOn = waits.line.next() instanceof Line.Heard.Woken && passOn(waits.line, PROMPT);
    } finally {
      boolean unbidden = standby.compareAndSet(waits, null) && !passedOn;
      waits.passedOn.complete(passedOn);
      if (unbidden) {
        LOG.atWarn().log("No process stands by any more");
      }
    }
  }

  /** What it waits for is another process' end now. */
  private void dismissStandby() throws IOException {
    Standby waits = standby.getAndSet(null);
    if (waits != null) {
      waits.line.say(SUCCEEDED);
      waits.line.close();
    }
  }

  /** Without a word, which is what it waits for. */
  private void orphanStandby() {
    Standby waits = standby.getAndSet(null);
    if (waits != null) {
      waits.line.close();
    }
  }

  /** Whether the successor has everything now; else this process goes on. */
  private boolean passOn(Line line, Duration most) throws IOException {
    passing.lock();
    try {
      if (passed) {
        line.say(SUCCEEDED);
        return false;
      }
      if (isTaken(line, most)) {
        passed = true;
        part(line);
        return true;
      }
      LOG.atWarn().log("The successor has not taken over; this process goes on");
      estate.reclaim();
    } finally {
      passing.unlock();
    }
    // Should it come to itself later, it is to know.
    line.say(NO + "it took too long");
    return false;
  }

  private void part(Line line) {
    estate.giveUp();
    try {
      line.say(DONE);
      estate.given();
    } catch (IOException e) {
      LOG.atWarn().log("The successor has died with everything; who stands by has it");
      estate.given();
      orphanStandby();
    }
  }

  /** Whether the successor has what was freed for it. */
  private boolean isTaken(Line line, Duration most) throws IOException {
    try {
      estate.free();
      line.say(YOURS);
      if (line.hears(TAKEN, most)) {
        return true;
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("The hand-over has failed");
    }
    return false;
  }
}
