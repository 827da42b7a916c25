package dev.crossfade.net.handover;

import dev.crossfade.net.listen.LocalSocket;
import dev.crossfade.net.loop.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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
 * standby                         --->   others may be served
 *                                 <---   yours   (it ends, and has freed; on as above)
 *                                 <---   no another process has taken over
 *                                 (nothing, and the end: it is dead)
 * </pre>
 */
public final class HandoverPort implements AutoCloseable {
  static final String HELLO = "crossfade-handover 1";
  static final String SEND = "send";
  static final String READY = "ready";
  static final String STANDBY = "standby";
  static final String YOURS = "yours";
  static final String TAKEN = "taken";
  static final String DONE = "done";
  static final String HAS = "has";
  static final String NO = "no ";

  /** To the one that stood by. */
  static final String SUCCEEDED = NO + "another process has taken over";

  /** The successor takes what was freed. */
  private static final Duration TAKE_MAX = Duration.ofMinutes(1);

  /** What takes a moment. */
  static final Duration PROMPT = Duration.ofSeconds(10);

  /** The successor starts, and may wait for others; nothing is lost while it does. */
  private static final Duration START_MAX = Duration.ofHours(2);

  private static final Logger LOG = LoggerFactory.getLogger(HandoverPort.class);

  private final Estate estate;
  private final Executor blocking;

  /** Of the one successor that is served. */
  private final Semaphore turn = new Semaphore(1);

  /** The one that waits for this process to end. */
  private final AtomicReference<@Nullable Standby> standby = new AtomicReference<>();

  private final LocalSocket socket;
  private final Channel listening;

  /** What is handed over. One caller at a time; may block. */
  public interface Estate {
    List<Heirloom> heirlooms();

    /** Frees what only one process may have; clients are accepted on. */
    void free() throws IOException;

    /** Takes back what was freed, as far as that goes. */
    void reclaim();

    /** All of it is another's: nothing is accepted. Clients wait for this. */
    void giveUp();

    /** The other one has been told. */
    void given();
  }

  private HandoverPort(EventLoops loops, LocalSocket socket, Estate estate, Executor blocking)
      throws IOException {
    this.estate = estate;
    this.blocking = blocking;
    this.socket = socket;
    var registered =
        new ServerBootstrap()
            .group(loops.group())
            .channelFactory(socket::channel)
            .childHandler(new Greeter())
            .register()
            .awaitUninterruptibly();
    if (!registered.isSuccess()) {
      socket.close();
      throw new IOException("nobody can be waited for", registered.cause());
    }
    this.listening = registered.channel();
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
    return new HandoverPort(loops, LocalSocket.bindForOwner(place), estate, blocking);
  }

  /** No more successors; the one that is served is served on. */
  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    socket.close();
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
   * Hands over to the process that stands by, if one does. Not while another one is served.
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

  /** A process that waits for this one to end. */
  private static final class Standby {
    final Line line;

    /** Whether it has everything; told once. */
    final CompletableFuture<Boolean> passedOn = new CompletableFuture<>();

    Standby(Line line) {
      this.line = line;
    }
  }

  @Sharable
  private final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      Line line = new Line();
      ctx.pipeline().replace(this, "line", line);
      blocking.execute(() -> serve(line));
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
        line.say(NO + "another process is about to take over");
        return;
      }
      boolean waits;
      try {
        waits = handOver(line);
      } finally {
        turn.release();
      }
      if (waits) {
        standBy(line);
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("A successor was not let in");
    }
  }

  /** Whether it has all it needs to stand by. */
  private boolean handOver(Line line) throws IOException {
    List<Heirloom> heirlooms = estate.heirlooms();
    line.say(HAS + heirlooms.stream().map(one -> ' ' + one.name()).collect(Collectors.joining()));
    if (!line.hears(SEND, PROMPT)) {
      // It wants others; it has said so itself.
      return false;
    }
    for (Heirloom one : heirlooms) {
      line.give(one.descriptor());
    }
    String wish = line.next(START_MAX) instanceof Line.Heard.Text(String text) ? text : "";
    switch (wish) {
      case STANDBY -> {
        return true;
      }
      case READY -> {
        if (passOn(line, TAKE_MAX)) {
          dismissStandby();
        }
      }
      default -> LOG.atWarn().log("The successor ended before it was ready");
    }
    return false;
  }

  /** Until it has gone, has been sent away, or has taken over. */
  private void standBy(Line line) throws IOException {
    Standby waits = new Standby(line);
    if (!standby.compareAndSet(null, waits)) {
      line.say(NO + "another process stands by already");
      return;
    }
    LOG.atInfo().log("A process stands by");
    boolean passedOn = false;
    try {
      if (line.next() instanceof Line.Heard.Woken && turn.tryAcquire()) {
        try {
          // It has started already, and this process has to end.
          passedOn = passOn(line, PROMPT);
        } finally {
          turn.release();
        }
      }
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

  /** Whether the successor has everything now; else this process goes on. */
  private boolean passOn(Line line, Duration most) throws IOException {
    if (isTaken(line, most)) {
      estate.giveUp();
      try {
        line.say(DONE);
      } finally {
        estate.given();
      }
      return true;
    }
    LOG.atWarn().log("The successor has not taken over; this process goes on");
    estate.reclaim();
    // Should it come to itself later, it is to know.
    line.say(NO + "it took too long");
    return false;
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
