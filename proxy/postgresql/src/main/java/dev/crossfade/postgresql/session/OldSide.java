package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.session.Naming.Closed;
import dev.crossfade.postgresql.session.Naming.Parsed;
import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendDecoder.Verdict;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.CancelKey;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session's channel to old: accounts every ReadyForQuery to the batch that caused it and passes
 * the replies on.
 *
 * <p>Until the first ReadyForQuery the client and old talk about the login; all that passes
 * unchanged.
 */
final class OldSide extends ChannelInboundHandlerAdapter implements BackendDecoder.Sink {
  /** Over this, old is not read while it waits. */
  private static final int MAX_LATE_BYTES = 64 << 10;

  private final ClientSession session;
  private final BackendDecoder decoder;
  private final ArrayDeque<Exchange> inFlight = new ArrayDeque<>();
  private final ArrayDeque<ByteBuf> late = new ArrayDeque<>();
  private int lateBytes;
  private @Nullable CancelKey cancelKey;
  private boolean loggedIn;
  private boolean turned;
  private boolean copyIn;
  private boolean paused;

  OldSide(ClientSession session) {
    this.session = session;
    this.decoder = new BackendDecoder(session.client().alloc(), this);
  }

  boolean isLoggedIn() {
    return loggedIn;
  }

  boolean isIdle() {
    return inFlight.isEmpty();
  }

  /** Whether the rest of a batch waits for the transaction that its beginning opens. */
  boolean isOpening() {
    Exchange last = inFlight.peekLast();
    return last != null && last.isOpening();
  }

  int pipelined() {
    return inFlight.size();
  }

  /**
   * What becomes of this name when old works through what it was sent without an error; null:
   * nothing.
   */
  @Nullable Naming pending(String name) {
    for (var newest = inFlight.descendingIterator(); newest.hasNext(); ) {
      Naming naming = newest.next().pending(name);
      if (naming != null) {
        return naming;
      }
    }
    return null;
  }

  /** Whatever becomes of any name, before old has confirmed it. */
  void forEachPending(Consumer<Naming> reader) {
    inFlight.forEach(exchange -> exchange.pending().forEach(reader));
  }

  boolean hasPending() {
    for (Exchange exchange : inFlight) {
      if (exchange.hasPending()) {
        return true;
      }
    }
    return false;
  }

  /** The client may send copy data. */
  boolean isCopyIn() {
    return copyIn;
  }

  /** The client has sent the end of its copy data. */
  void copyInEnded() {
    copyIn = false;
    Exchange last = inFlight.peekLast();
    if (last != null) {
      last.copyEnded();
    }
  }

  @Nullable CancelKey cancelKey() {
    return cancelKey;
  }

  void sent(Exchange exchange) {
    inFlight.add(exchange);
  }

  /** The batch sent last. */
  @Nullable Exchange last() {
    return inFlight.peekLast();
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
    switch (type) {
      case BackendType.READY_FOR_QUERY -> {
        return ready(borrowed.getByte(start + 5));
      }
      case BackendType.PARSE_COMPLETE -> {
        return parsed();
      }
      case BackendType.COMMAND_COMPLETE -> completed(borrowed, start);
      case BackendType.ERROR -> {
        return failed();
      }
      case BackendType.CLOSE_COMPLETE -> {
        return closed();
      }
      case BackendType.COPY_IN -> copyInStarts();
      case BackendType.PARAMETER_STATUS -> status(borrowed, start, end);
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
    Exchange exchange = inFlight.poll();
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
    if (exchange.isOpening()) {
      return opened(exchange);
    }
    session.proxyTime().answered();
    long now = System.nanoTime();
    session.context().meters().answered(Side.OLD, exchange.routable(), now - exchange.startNanos());
    exchange.count(now);
    return Verdict.FORWARD;
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
    Exchange exchange = inFlight.peek();
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

  private void completed(ByteBuf borrowed, int start) {
    Exchange exchange = inFlight.peek();
    if (exchange != null
        && exchange.effect() instanceof SessionEffect.Commit
        && borrowed.getByte(start + 5) == 'C') {
      exchange.commit();
    }
  }

  private Verdict closed() {
    Exchange exchange = inFlight.peek();
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

  private Verdict failed() {
    copyIn = false;
    Exchange exchange = inFlight.peek();
    if (exchange == null) {
      return Verdict.FORWARD;
    }
    exchange.fail();
    paused |= exchange.pauses();
    if (exchange.pending("") instanceof Parsed) {
      // A Parse of the unnamed statement that fails leaves none; one that is skipped leaves it.
      session.state().doubtUnnamed();
    }
    return exchange.isSilent() ? Verdict.DROP : Verdict.FORWARD;
  }

  /**
   * The server ignores the Sync that it had been sent before it began to copy. A client that did
   * not wait for this may have sent the next one, too, which then ends this exchange.
   */
  private void copyInStarts() {
    Exchange exchange = inFlight.poll();
    if (exchange == null) {
      copyIn = true;
      return;
    }
    copyIn = !exchange.hasCopyEnded();
    Exchange next = inFlight.peek();
    if (exchange.isExtended() && exchange.hasCopyEnded() && next != null && next.isOnlySync()) {
      inFlight.poll();
    } else {
      exchange.copyInStarted();
    }
    inFlight.addFirst(exchange);
  }

  private void status(ByteBuf borrowed, int start, int end) {
    int zero = borrowed.indexOf(start + 5, end, (byte) 0);
    if (zero > 0) {
      session
          .state()
          .settings()
          .reported(
              borrowed.toString(start + 5, zero - start - 5, StandardCharsets.UTF_8),
              borrowed.toString(zero + 1, end - zero - 2, StandardCharsets.UTF_8));
    }
  }

  @Override
  public ByteBuf replacement() {
    throw new IllegalStateException("replies of old are never replaced");
  }

  @Override
  public void passesUnread(byte type) {
    // Rows: on to the client.
  }

  /**
   * What old says of its own accord while new answers a read waits for the end of that answer: it
   * might fall into the middle of a row.
   */
  @Override
  public void forward(ByteBuf bytes) {
    if (!session.runner().isReading()) {
      session.toClient(bytes);
      return;
    }
    late.add(bytes);
    lateBytes += bytes.readableBytes();
    session.updateReading();
  }

  /** Whether more than a little waits for the end of new's answer. */
  boolean isHoldingMuch() {
    return lateBytes > MAX_LATE_BYTES;
  }

  /** New's answer is complete, or there is none. */
  void readEnded() {
    if (late.isEmpty()) {
      return;
    }
    lateBytes = 0;
    while (!late.isEmpty()) {
      session.toClient(late.poll());
    }
    session.updateReading();
  }

  void release() {
    lateBytes = 0;
    while (!late.isEmpty()) {
      late.poll().release();
    }
  }
}
