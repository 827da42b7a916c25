package dev.crossfade.postgresql.session;

import dev.crossfade.core.measure.ErrorClasses;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.auth.CancelSender;
import dev.crossfade.postgresql.auth.LoggedIn;
import dev.crossfade.postgresql.auth.LoginFailure;
import dev.crossfade.postgresql.plan.CarriedTypes;
import dev.crossfade.postgresql.session.SessionMeters.FallbackCause;
import dev.crossfade.postgresql.type.OidRewriter;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.SocketTimeoutException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session's channel to new, opened when reads may go there and again after it was lost.
 *
 * <pre>
 * ABSENT --connect--> CONNECTING --login--> READY
 *   ^---------------------'---- lost -------'
 * </pre>
 */
final class NewSide {
  private static final Logger LOG = LoggerFactory.getLogger(NewSide.class);

  private enum State {
    ABSENT,
    CONNECTING,
    READY
  }

  private final ClientSession session;
  private final NewPreparation preparation;
  private NewReplies replies;
  private State state = State.ABSENT;
  private @Nullable LoggedIn loggedIn;
  private @Nullable Channel connecting;
  private boolean dirty;
  private boolean watching;
  private @Nullable Future<?> deadline;
  private boolean closed;

  NewSide(ClientSession session) {
    this.session = session;
    this.preparation = new NewPreparation(session.state());
    this.replies = new NewReplies(session, this);
  }

  boolean isReady() {
    return state == State.READY;
  }

  /**
   * Opens the channel unless it is there or on its way.
   *
   * @return false when it is not to be tried
   */
  boolean connect() {
    if (state != State.ABSENT) {
      return true;
    }
    if (closed || session.context().circuit().isOpen()) {
      return false;
    }
    state = State.CONNECTING;
    connecting = NewLogin.begin(session, this::opened, this::lost);
    watch();
    return true;
  }

  private void opened(LoggedIn opened) {
    if (closed) {
      opened.channel().close();
      return;
    }
    connecting = null;
    loggedIn = opened;
    preparation.begin();
    state = State.READY;
    replies = new NewReplies(session, this);
    opened.channel().pipeline().addLast(replies);
    session.runner().newReady();
  }

  /** A channel is gone, or never came to be. */
  void lost(Channel channel, @Nullable Throwable cause) {
    if (channel != current()) {
      return;
    }
    boolean refused = cause instanceof LoginFailure failure && failure.isAboutSession();
    if (refused) {
      session.state().settings().pin();
    }
    boolean wasReading = replies.isExpecting() || state == State.CONNECTING;
    forget();
    channel.close();
    if (closed) {
      return;
    }
    LOG.atDebug()
        .addKeyValue("sessionId", session.id())
        .addKeyValue("side", "NEW")
        .addKeyValue(
            "detail", cause == null ? "closed by the server" : String.valueOf(cause.getMessage()))
        .log("connection lost");
    if (wasReading && session.runner().isReading()) {
      if (replies.hasPassedRows()) {
        boolean betweenFrames = replies.isBetweenFrames();
        replies.abandon();
        session.runner().newFailedMidway(betweenFrames);
      } else {
        replies.abandon();
        session
            .runner()
            .newFailed(
                RouteReason.NEW_UNAVAILABLE,
                refused ? FallbackCause.SESSION : FallbackCause.CONNECTION);
      }
      session.flush();
    } else if (wasReading && !refused) {
      session.context().circuit().failed();
    }
  }

  /**
   * A read that was sent here came to nothing.
   *
   * @param last whether nobody answers instead
   */
  void countFailure(ExchangePlan.@Nullable Read plan, FallbackCause cause, boolean last) {
    if (plan == null) {
      return;
    }
    int errorClass =
        switch (cause) {
          case CONNECTION, SESSION, UNEXPECTED_REPLY -> ErrorClasses.CONNECTION;
          case TIMEOUT -> ErrorClasses.INTERVENTION;
          case SQL_ERROR -> replies.errorClass();
        };
    session.context().meters().failed(Planner.migration(plan.plan()), Side.NEW, errorClass);
    plan.fallback().failedOnNew(errorClass, last);
  }

  private @Nullable Channel current() {
    return loggedIn == null ? connecting : loggedIn.channel();
  }

  private void forget() {
    state = State.ABSENT;
    loggedIn = null;
    connecting = null;
  }

  /**
   * Sends a batch, preceded by what new lacks: settings, the transaction, the prepared statement.
   *
   * @param batch borrowed until the read ends; the client's own bytes
   * @param parseStart where the Parse frame to be replaced begins in the batch; -1 when there is
   *     none
   */
  void send(ExchangePlan.Read plan, ByteBuf batch, int parseStart, int parseEnd) {
    LoggedIn open = opened();
    ByteBuf out = open.channel().alloc().buffer(512 + batch.readableBytes());
    int swallowReady = preparation.prologue(out, open.statuses());
    preparation.closeForgotten(out);
    boolean swallowParse = false;
    OidRewriter rows = null;
    if (plan.query() != null) {
      preparation.query(out, plan.query());
    } else {
      PreparedStatement statement = plan.statement();
      if (statement != null && (parseStart >= 0 || !preparation.isPrepared(statement))) {
        swallowParse = parseStart < 0;
        preparation.prepare(out, statement, plan);
      }
      int start = batch.readerIndex();
      int copyStart = out.writerIndex();
      if (parseStart > 0) {
        out.writeBytes(batch, start, parseStart);
      }
      int rest = parseStart < 0 ? 0 : parseEnd;
      out.writeBytes(batch, start + rest, batch.readableBytes() - rest);
      rows = carryTypes(plan.plan().carried(), out, copyStart);
    }
    replies.expect(plan, batch, swallowReady, swallowParse);
    replies.changeRows(rows);
    ReadSampling.onNew(session, new ReadSampling.Place(open.channel(), replies), plan, batch);
    open.channel().write(out, open.channel().voidPromise());
    dirty = true;
    watch();
  }

  /**
   * Gives new's OIDs to the types that are named inside the batch's values.
   *
   * @return what gives old's to the rows; null when they need nothing
   */
  private static @Nullable OidRewriter carryTypes(
      @Nullable CarriedTypes types, ByteBuf out, int start) {
    boolean needed = types != null && (types.changesParameters() || types.changesColumns());
    BindFrame bind = needed ? BindFrame.find(out, start, out.writerIndex()) : null;
    if (types == null || bind == null) {
      return null;
    }
    bind.changeParameters(types.parameters());
    var binary = bind.inBinary(types.columns());
    return binary == null ? null : OidRewriter.ofRows(binary);
  }

  private LoggedIn opened() {
    if (loggedIn == null) {
      throw new IllegalStateException("new is not connected");
    }
    return loggedIn;
  }

  /** Ends the transaction that reads on new were part of. */
  void endTransaction() {
    if (loggedIn != null && preparation.isInTransaction()) {
      ByteBuf out = loggedIn.channel().alloc().buffer(32);
      preparation.endTransaction(out);
      replies.swallowReady();
      loggedIn.channel().write(out, loggedIn.channel().voidPromise());
      dirty = true;
    }
  }

  /**
   * Looks after the deadline of whatever new is asked: one timer per session, and only while
   * something is asked.
   */
  private void watch() {
    if (!watching) {
      watching = true;
      schedule(session.context().limits().newTimeout().toNanos());
    }
  }

  private void schedule(long nanos) {
    deadline = session.later(Math.max(nanos, 1_000_000), this::checkDeadline);
  }

  private void checkDeadline() {
    watching = false;
    Channel channel = current();
    if (closed || channel == null) {
      return;
    }
    if (!session.runner().isReading()) {
      if (state == State.CONNECTING) {
        lost(channel, new SocketTimeoutException("no login in time"));
      }
      return;
    }
    long timeout = session.context().limits().newTimeout().toNanos();
    long left = timeout - replies.silence(session.runner().readStart());
    boolean mustWait = hasPassedRows() || !session.client().isWritable();
    if (left > 0 || mustWait) {
      watching = true;
      schedule(left > 0 ? left : timeout);
      return;
    }
    cancel(() -> {});
    replies.abandon();
    forget();
    channel.close();
    session.runner().newFailed(RouteReason.NEW_UNAVAILABLE, FallbackCause.TIMEOUT);
    session.flush();
  }

  /** Whether the client has seen some of the answer, so that only new can end it. */
  boolean hasPassedRows() {
    return state == State.READY && replies.hasPassedRows();
  }

  boolean cancel(Runnable done) {
    LoggedIn open = loggedIn;
    if (open == null || open.cancelKey() == null) {
      return false;
    }
    CancelSender.send(session.connector(), open.channel(), open.cancelKey(), done);
    return true;
  }

  void flush() {
    if (dirty && loggedIn != null) {
      dirty = false;
      loggedIn.channel().flush();
    }
  }

  void updateReading(boolean clientTakes) {
    if (loggedIn != null && loggedIn.channel().config().isAutoRead() != clientTakes) {
      loggedIn.channel().config().setAutoRead(clientTakes);
    }
  }

  void goodbye() {
    if (loggedIn != null) {
      Channel channel = loggedIn.channel();
      ByteBuf frame = channel.alloc().buffer(8);
      Frames.terminate(frame);
      channel.writeAndFlush(frame, channel.voidPromise());
    }
  }

  void close() {
    closed = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    replies.abandon();
    if (loggedIn != null) {
      loggedIn.channel().close();
    }
    if (connecting != null) {
      connecting.close();
    }
  }
}
