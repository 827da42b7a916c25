package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.session.Naming.Closed;
import dev.crossfade.postgresql.session.Naming.Parsed;
import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendDecoder.Verdict;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.CancelKey;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The session's channel to old: accounts every ReadyForQuery to the batch that caused it and passes
 * the replies on.
 *
 * <p>Until the first ReadyForQuery the client and old talk about the login; all that passes
 * unchanged.
 */
final class OldSide extends ChannelInboundHandlerAdapter implements BackendDecoder.Sink {
  private final ClientSession session;
  private final BackendDecoder decoder;
  private final FenceWatch fence;
  private final InFlight inFlight = new InFlight();
  private final LateReplies late;
  private final MirroredAck ack;
  private final CaptureGate capture;
  private ByteBuf replacement = Unpooled.EMPTY_BUFFER;
  private @Nullable CancelKey cancelKey;
  private boolean loggedIn;
  private boolean turned;
  private boolean copyIn;
  private boolean paused;

  OldSide(ClientSession session, Retries retries) {
    this.session = session;
    this.decoder = new BackendDecoder(session.client().alloc(), this);
    this.fence = new FenceWatch(session, retries);
    this.late = new LateReplies(session);
    this.ack = new MirroredAck(session, Side.OLD);
    this.capture = new CaptureGate(session, this);
  }

  boolean isLoggedIn() {
    return loggedIn;
  }

  boolean isIdle() {
    return inFlight.isEmpty();
  }

  /**
   * Whether a batch that is to be done again, or the rest of one, comes first, or the client is
   * still to hear of what it has written.
   */
  boolean isOpening() {
    Exchange last = inFlight.last();
    return fence.hasRefused() || ack.isWaiting() || last != null && last.isOpening();
  }

  /** What was sent and not answered. */
  InFlight inFlight() {
    return inFlight;
  }

  MirroredAck ack() {
    return ack;
  }

  CaptureGate capture() {
    return capture;
  }

  boolean isCopyIn() {
    return copyIn;
  }

  /** The client has sent the end of its copy data. */
  void copyInEnded() {
    copyIn = false;
    Exchange last = inFlight.last();
    if (last != null) {
      last.copyEnded();
    }
  }

  @Nullable CancelKey cancelKey() {
    return cancelKey;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object chunk) {
    session.proxyTime().entered();
    try {
      decoder.decode((ByteBuf) chunk);
    } catch (ProtocolViolation e) {
      session.distrust("old: " + e.reason());
      return;
    }
    if (fence.isToRepeat()) {
      session.runner().errands().restoreTransaction();
      fence.again();
    }
    if (turned) {
      turned = false;
      session.oldTurned();
    }
    if (paused) {
      paused = false;
      Objects.requireNonNull(session.runner().commands()).oldPaused();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    session.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    session.updateReading();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    acknowledgeNow();
    session.oldGone();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    decoder.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    session.broken("OLD", cause);
    context.close();
  }

  @Override
  public Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    Exchange exchange = inFlight.first();
    if (exchange == null || !exchange.isUnseen() && !fence.isOf(exchange)) {
      return look(type, borrowed, start, end);
    }
    boolean unseen = exchange.isUnseen() || fence.hasRefused();
    Verdict verdict = look(type, borrowed, start, end);
    if (unseen || fence.hasRefused()) {
      return type == BackendType.PARAMETER_STATUS || type == BackendType.NOTIFICATION
          ? verdict
          : Verdict.DROP;
    }
    boolean held = verdict == Verdict.FORWARD && fence.holds(type, borrowed, start, end);
    if (held || verdict == Verdict.DROP || fence.holdsNothing()) {
      return held ? Verdict.DROP : verdict;
    }
    boolean replaced = verdict == Verdict.REPLACE;
    replacement =
        fence.before(replaced ? replacement() : borrowed.retainedSlice(start, end - start));
    return Verdict.REPLACE;
  }

  private Verdict look(byte type, ByteBuf borrowed, int start, int end) {
    switch (type) {
      case BackendType.READY_FOR_QUERY -> {
        return ready(borrowed.getByte(start + 5));
      }
      case BackendType.PARSE_COMPLETE -> {
        return parsed();
      }
      case BackendType.COMMAND_COMPLETE -> inFlight.completed(borrowed, start, end);
      case BackendType.PORTAL_SUSPENDED -> inFlight.partlyDone();
      case BackendType.ERROR -> {
        return failed(borrowed, start, end);
      }
      case BackendType.CLOSE_COMPLETE -> {
        return closed();
      }
      case BackendType.COPY_IN -> copyIn = inFlight.copyInStarts();
      case BackendType.PARAMETER_STATUS ->
          session.state().settings().reported(borrowed, start, end);
      case BackendType.BACKEND_KEY_DATA -> {
        byte[] secret = new byte[end - start - 9];
        borrowed.getBytes(start + 9, secret);
        cancelKey = new CancelKey(borrowed.getInt(start + 5), secret);
      }
      default -> {
        // The others mean nothing to the accounting.
      }
    }
    return Verdict.FORWARD;
  }

  private Verdict ready(byte status) {
    turned = true;
    if (!loggedIn) {
      loggedIn = true;
      return Verdict.FORWARD;
    }
    Exchange exchange = inFlight.answered();
    if (exchange == null) {
      session.distrust("old sent a ReadyForQuery that no batch accounts for");
      return Verdict.STOP;
    }
    copyIn = false;
    if (!exchange.isExtended() && !exchange.isSilent()) {
      // A Query ends the unnamed statement, also one whose Parse was on its way.
      session.state().doubtUnnamed();
    }
    session.state().ready(status, exchange);
    if (status == 'I' && inFlight.isEmpty()) {
      session.state().freshness().settled();
    }
    if (status == 'I') {
      committed(exchange);
    }
    if (fence.isOf(exchange)) {
      fence.ended();
    }
    if (exchange.isUnseen()) {
      return Verdict.DROP;
    }
    if (exchange.isOpening()) {
      return opened(exchange);
    }
    session.proxyTime().answered();
    long now = System.nanoTime();
    exchange.count(session.context().meters(), now);
    return Verdict.FORWARD;
  }

  /** What the client hears from now on may have to wait until it is true of the other side too. */
  private void committed(Exchange exchange) {
    if (fence.hasRefused()) {
      ack.forget();
    } else if (!exchange.isUndone() && ack.asks() && !ack.await(this::acknowledged)) {
      late.passOn();
    }
    if (inFlight.isEmpty()) {
      ack.forget();
    }
  }

  /** The session ends: what is committed is said before, wherever else it has arrived. */
  void acknowledgeNow() {
    if (ack.isWaiting()) {
      late.passOn();
    }
  }

  private void acknowledged() {
    late.passOn();
    session.resume();
  }

  /**
   * The client's Sync is still to come, with its first read; it is never looked at after an error.
   */
  private Verdict opened(Exchange exchange) {
    if (exchange.failed()) {
      session.frontend().skipBatch();
      return Verdict.FORWARD;
    }
    return Verdict.DROP;
  }

  private Verdict parsed() {
    Exchange exchange = inFlight.first();
    if (exchange == null) {
      return Verdict.FORWARD;
    }
    if (exchange.swallowsParse()) {
      return Verdict.DROP;
    }
    Parsed parsed = exchange.nextParsed();
    if (parsed != null) {
      PreparedStatement statement = parsed.statement();
      if (statement != null) {
        statement.onOld(true);
      }
      session.state().prepared(parsed.name(), statement);
    }
    return Verdict.FORWARD;
  }

  private Verdict closed() {
    Exchange exchange = inFlight.first();
    if (exchange == null) {
      return Verdict.FORWARD;
    }
    if (exchange.pausesNow()) {
      paused = true;
      return Verdict.DROP;
    }
    Closed closed = exchange.nextClosed();
    if (closed != null && closed.name() != null) {
      session.state().closed(closed.name());
    }
    return Verdict.FORWARD;
  }

  private Verdict failed(ByteBuf borrowed, int start, int end) {
    copyIn = false;
    Exchange exchange = inFlight.first();
    if (exchange == null) {
      return Verdict.FORWARD;
    }
    exchange.fail();
    paused |= exchange.pauses();
    if (exchange.pending("") instanceof Parsed) {
      // A Parse of the unnamed statement that fails leaves none; one that is skipped leaves it.
      session.state().doubtUnnamed();
    }
    if (exchange.mayBeFenced()) {
      ByteBuf instead = fence.failed(exchange, ErrorFields.read(borrowed, start, end));
      if (instead != null) {
        replacement = instead;
        return Verdict.REPLACE;
      }
    }
    if (!fence.hasRefused()) {
      exchange.erred(ErrorFields.errorClass(borrowed, start, end));
    }
    return exchange.isSilent() ? Verdict.DROP : Verdict.FORWARD;
  }

  @Override
  public ByteBuf replacement() {
    ByteBuf frame = replacement;
    replacement = Unpooled.EMPTY_BUFFER;
    return frame;
  }

  @Override
  public void passesUnread(byte type) {
    // Rows: on to the client, behind what was held.
    ByteBuf before = fence.take();
    if (before.isReadable()) {
      forward(before);
    }
  }

  /**
   * What old says of its own accord while new answers a read waits for the end of that answer: it
   * might fall into the middle of a row.
   */
  @Override
  public void forward(ByteBuf bytes) {
    if (session.runner().isReading() || ack.isWaiting()) {
      late.add(bytes);
    } else {
      session.toClient(bytes);
    }
  }

  boolean isHoldingMuch() {
    return late.isMuch();
  }

  /** New's answer is complete, or there is none. */
  void readEnded() {
    late.passOn();
  }

  /** Whether what old says next is the beginning of a frame. */
  boolean isAtFrameBoundary() {
    return decoder.isAtFrameBoundary();
  }

  boolean watchesNone() {
    return fence.isFree();
  }

  /** A batch that was just sent, and that is to be done on new if old's fence refuses it. */
  void watch(Exchange exchange, ByteBuf batch) {
    fence.watch(exchange, batch, decoder.isAtFrameBoundary());
  }

  /** A batch is about to be sent. */
  void sends() {
    capture.sends(inFlight.isEmpty() && decoder.isAtFrameBoundary());
  }

  void release() {
    capture.release();
    fence.release();
    late.release();
  }
}
