package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.postgresql.auth.CancelSender;
import dev.crossfade.postgresql.command.Row;
import dev.crossfade.postgresql.shape.ShapedSession;
import dev.crossfade.postgresql.wire.CancelKey;
import dev.crossfade.postgresql.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.CodecException;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client and its channels: the life of a session, and the one place where its channels are
 * written, flushed, paused and closed.
 *
 * <pre>
 * login (client and old talk) -> serving -> closed
 *                                  '-> draining (ends when its transaction does) -> closed
 * </pre>
 */
final class ClientSession {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

  private final long id;
  private final ProxyContext context;
  private final Channel client;
  private final Channel old;
  private final StartupPacket.Session startup;
  private final SessionState state;
  private final OldSide oldSide;
  private final NewSide newSide;
  private final MovedSide moved;
  private final ExchangeRunner runner;
  private final FrontendDecoder frontend;

  /** Null for a client that speaks the old shape. */
  private final @Nullable ShapedSession shaped;

  private final ProxyTime proxyTime;
  private final InputEnd inputEnd = new InputEnd(this);
  private final long sinceMillis = System.currentTimeMillis();
  private @Nullable Future<?> loginTimer;
  private boolean clientDirty;
  private boolean oldDirty;
  private boolean registered;
  private boolean draining;
  private boolean closed;
  private boolean oldLost;

  /**
   * Both channels are active and share the loop that calls this; {@code rest} is what the client
   * sent after its start-up.
   */
  ClientSession(ProxyContext context, Channel client, Channel old, StartupPacket.Session startup) {
    this.id = context.sessions().nextId();
    this.context = context;
    this.client = client;
    this.old = old;
    this.startup = startup;
    this.state = SessionState.of(context);
    this.proxyTime = new ProxyTime(context.meters());
    this.shaped = ShapedClient.of(this);
    Retries retries = new Retries(this);
    this.oldSide = new OldSide(this, retries);
    this.newSide = new NewSide(this);
    this.moved = new MovedSide(this, retries);
    this.runner = new ExchangeRunner(this, newSide);
    this.frontend = new FrontendDecoder(this, runner, shaped);
  }

  long id() {
    return id;
  }

  ProxyContext context() {
    return context;
  }

  Channel client() {
    return client;
  }

  Channel old() {
    return old;
  }

  StartupPacket.Session startup() {
    return startup;
  }

  SessionState state() {
    return state;
  }

  OldSide oldSide() {
    return oldSide;
  }

  NewSide newSide() {
    return newSide;
  }

  MovedSide moved() {
    return moved;
  }

  ExchangeRunner runner() {
    return runner;
  }

  FrontendDecoder frontend() {
    return frontend;
  }

  /** A row of the list of clients. On the session's loop. */
  Row describe() {
    return ClientRow.of(this, true);
  }

  /** The same without what only the session's loop may look at. Any thread. */
  Row describeFixed() {
    return ClientRow.of(this, false);
  }

  long sinceMillis() {
    return sinceMillis;
  }

  boolean isClosed() {
    return closed;
  }

  /** Hands bytes for the client on; they leave with the next {@link #flush}. */
  void toClient(ByteBuf bytes) {
    if (shaped == null) {
      write(bytes);
    } else {
      shaped.toClient(bytes);
    }
  }

  /** Writes what the client gets as it is. */
  void write(ByteBuf bytes) {
    client.write(bytes, client.voidPromise());
    clientDirty = true;
    if (!client.isWritable()) {
      updateReading();
    }
  }

  /** The same for old. */
  void toOld(ByteBuf bytes) {
    old.write(bytes, old.voidPromise());
    oldDirty = true;
  }

  void flush() {
    if (oldDirty) {
      oldDirty = false;
      old.flush();
    }
    if (clientDirty) {
      clientDirty = false;
      client.flush();
    }
    runner.flushNew();
    moved.flush();
    proxyTime.left();
    state.sampling().flushed();
  }

  ProxyTime proxyTime() {
    return proxyTime;
  }

  /** Back-pressure both ways: who cannot be written to stops the reading of who would fill it. */
  void updateReading() {
    boolean clientTakes = client.isWritable();
    boolean readOld = clientTakes && !oldSide.isHoldingMuch();
    if (old.config().isAutoRead() != readOld) {
      old.config().setAutoRead(readOld);
    }
    runner.updateNewReading(clientTakes);
    moved.updateReading(clientTakes);
    boolean read = oldSide.capture().takesMore() && moved.isWritable() && frontend.wantsInput();
    // There is nothing to read after a half-close, and epoll takes it as an error to ask for it
    // again.
    if (client.config().isAutoRead() != read && !inputEnd.isReached()) {
      client.config().setAutoRead(read);
    }
  }

  /** A login that takes too long is ended. */
  void watchLogin(long nanos) {
    loginTimer =
        later(
            nanos,
            () -> {
              if (!oldSide.isLoggedIn()) {
                fail(
                    new Fault(
                        Fault.Kind.STARTUP_TIMEOUT, "canceling authentication due to timeout"));
              }
            });
  }

  private void stopLoginTimer() {
    if (loginTimer != null) {
      loginTimer.cancel(false);
      loginTimer = null;
    }
  }

  /** Runs something on the session's loop in so many nanoseconds. */
  Future<?> later(long nanos, Runnable task) {
    return context
        .timer()
        .schedule(() -> client.eventLoop().execute(task), nanos, TimeUnit.NANOSECONDS);
  }

  /** Old is ready for the next batch, for the first time after the login or again. */
  void oldTurned() {
    if (!registered && !closed) {
      registered = true;
      stopLoginTimer();
      context.sessions().add(this, oldSide.cancelKey());
      runner.loggedIn();
    }
    runner.oldTurned();
    frontend.pump();
    inputEnd.passOnIfDone();
    endIfDrained();
  }

  /** The next batch may be looked at: what it waited for is there, or will not come. */
  void resume() {
    frontend.pump();
    inputEnd.passOnIfDone();
    endIfDrained();
    flush();
  }

  /** What stands before the session holds more or less than before. */
  void resumeShaped() {
    inputEnd.passOnIfDone();
    updateReading();
  }

  void clientHalfClosed() {
    inputEnd.reached();
    frontend.pump();
    inputEnd.passOnIfDone();
    flush();
  }

  void oldGone() {
    if (runner.isReading() && !runner.abandonUnseen()) {
      // The client has part of an answer of new: it gets the rest, then what old said at last.
      oldLost = true;
    } else {
      closeAfterFlush();
    }
  }

  @Nullable ShapedSession shaped() {
    return shaped;
  }

  /** New's answer is complete, or there is none: now comes what old has said meanwhile. */
  void readEnded() {
    oldSide.readEnded();
    if (oldLost) {
      closeAfterFlush();
    }
  }

  /** The session ends at the next moment at which it is in no transaction. Any thread. */
  void drain() {
    client
        .eventLoop()
        .execute(
            () -> {
              draining = true;
              endIfDrained();
            });
  }

  private void endIfDrained() {
    if (draining && !closed && runner.isQuiet() && frontend.isEmpty()) {
      fail(
          new Fault(
              Fault.Kind.SHUTTING_DOWN, "terminating connection due to administrator command"));
    }
  }

  /** Tells the client why and closes everything. */
  void fail(Fault fault) {
    if (closed) {
      return;
    }
    oldSide.acknowledgeNow();
    moved.acknowledgeNow();
    toClient(Faults.frame(client.alloc(), fault));
    closeAfterFlush();
  }

  /** Something came that nothing accounts for: better no session than a row that is not its own. */
  void distrust(String what) {
    LOG.atError()
        .addKeyValue("sessionId", id)
        .addKeyValue("detail", what)
        .log("session closed on doubt");
    fail(new Fault(Fault.Kind.UNCORRELATED_REPLY, "protocol synchronization was lost: " + what));
  }

  /** A channel has failed: what is not the network's doing, somebody has to hear of. */
  void broken(String side, Throwable cause) {
    if (!(cause instanceof IOException || cause instanceof CodecException)) {
      LOG.atError()
          .addKeyValue("sessionId", id)
          .addKeyValue("side", side)
          .setCause(cause)
          .log("session ended by a fault");
    }
  }

  private void closeAfterFlush() {
    if (!closed) {
      client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      close();
    }
  }

  /** Any thread. */
  void closeNow() {
    client.close();
  }

  /** The client is gone, or on its way. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopLoginTimer();
    if (registered) {
      context.sessions().remove(this, oldSide.cancelKey());
    }
    frontend.release();
    runner.close();
    moved.close();
    oldSide.release();
    if (shaped != null) {
      shaped.release();
    }
    state.closeAll();
    if (old.isActive()) {
      old.flush();
      old.close();
    }
  }

  /**
   * Cancels what the session does now, on the side where it does it. Any thread.
   *
   * @param done run on the session's loop when the server has dealt with it
   */
  void cancel(CancelKey key, Runnable done) {
    client
        .eventLoop()
        .execute(
            () -> {
              if (closed) {
                done.run();
              } else if (shaped != null && shaped.cancel() || oldSide.capture().cancel()) {
                done.run();
              } else if (!runner.cancelOnNew(done)) {
                CancelSender.send(connector(), old, key, done);
              }
            });
  }

  Connector connector() {
    return context.servers().connector();
  }

  @Nullable CancelKey cancelKey() {
    return oldSide.cancelKey();
  }
}
