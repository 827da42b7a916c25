package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.postgresql.shape.ShapedSession;
import dev.crossfade.postgresql.wire.FrontendType;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's bytes, unit by unit, to the {@link ExchangeRunner}.
 *
 * <p>What goes to old unchanged is not cut up: adjacent batches leave as one slice of the input. A
 * batch that must wait stays in the input with all that follows it; the input is bounded by not
 * reading the client.
 */
final class FrontendDecoder extends ChannelInboundHandlerAdapter {
  private final ClientSession session;
  private final ExchangeRunner runner;
  private final BatchAssembler assembler;
  private final int inputLimit;
  private final @Nullable ShapedSession shaped;
  private ByteBuf input = Unpooled.EMPTY_BUFFER;
  private int forwardFrom = -1;
  private long streaming;
  private boolean streamingToNew;
  private @Nullable LargeText largeText;
  private boolean open;
  private boolean pumping;
  private boolean waiting;
  private boolean skipping;
  private boolean released;

  /**
   * @param shaped what the client's bytes go through first; null when they do not
   */
  FrontendDecoder(ClientSession session, ExchangeRunner runner, @Nullable ShapedSession shaped) {
    this.session = session;
    this.shaped = shaped;
    this.runner = runner;
    int limit = session.context().limits().batchBytes();
    this.assembler = new BatchAssembler(limit);
    this.inputLimit = 2 * limit;
  }

  /** Whether the client is to be read. */
  boolean wantsInput() {
    return input.readableBytes() < inputLimit && (shaped == null || shaped.waiting() < inputLimit);
  }

  /** Whether every byte that came has been dealt with and no batch is half sent. */
  boolean isEmpty() {
    return !input.isReadable()
        && !open
        && streaming == 0
        && (shaped == null || shaped.waiting() == 0);
  }

  /** Whether a whole batch stays in the input until a reply has come. */
  boolean isWaiting() {
    return waiting || shaped != null && shaped.isTranslating();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object chunk) {
    session.proxyTime().entered();
    accept((ByteBuf) chunk);
  }

  /** Takes over bytes of the client. */
  void accept(ByteBuf chunk) {
    if (shaped == null) {
      take(chunk);
    } else {
      shaped.fromClient(chunk);
    }
  }

  /** Takes over bytes in the old shape. */
  void take(ByteBuf chunk) {
    if (released) {
      chunk.release();
      return;
    }
    if (input.isReadable()) {
      // While some of a batch is always left, what has been dealt with would pile up before it.
      if (input.refCnt() == 1) {
        input.discardSomeReadBytes();
      }
      input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(session.client().alloc(), input, chunk);
    } else {
      input.release();
      input = chunk;
    }
    pump();
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
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      session.clientHalfClosed();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    session.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    session.broken("client", cause);
    context.close();
  }

  void release() {
    if (!released) {
      released = true;
      input.release();
      input = Unpooled.EMPTY_BUFFER;
    }
  }

  /** Whether what comes next begins a batch. */
  boolean isAtBoundary() {
    return !open && streaming == 0 && forwardFrom < 0;
  }

  /** Takes over a batch that is to be dealt with before what has come since. */
  void again(ByteBuf batch) {
    if (released) {
      batch.release();
      return;
    }
    ByteBuf rest = input;
    input = session.client().alloc().buffer(batch.readableBytes() + rest.readableBytes());
    input.writeBytes(batch).writeBytes(rest);
    batch.release();
    rest.release();
    pump();
  }

  /** Works through the input as far as it can be now. */
  void pump() {
    if (pumping || released) {
      return;
    }
    pumping = true;
    try {
      while (!released && input.isReadable() && step()) {
        // Each step moves the reader index.
      }
      if (!released) {
        forwardPending();
        if (!input.isReadable()) {
          input.release();
          input = Unpooled.EMPTY_BUFFER;
        }
      }
    } catch (ProtocolViolation e) {
      forwardPending();
      session.fail(new Fault(Fault.Kind.PROTOCOL_VIOLATION, e.reason()));
    } finally {
      pumping = false;
    }
    if (!released) {
      session.updateReading();
    }
  }

  /** Deals with the next unit; false when it must wait for bytes or for a reply. */
  private boolean step() {
    if (streaming > 0) {
      int passed = (int) Math.min(streaming, input.readableBytes());
      streaming -= passed;
      if (streamingToNew) {
        streamingToNew = streaming > 0;
        session.moved().feed(input.readRetainedSlice(passed), false);
        return true;
      }
      look(0, passed);
      forward(passed);
      return true;
    }
    if (!session.oldSide().isLoggedIn()) {
      return login();
    }
    waiting = runner.isBusy();
    if (waiting) {
      return false;
    }
    BatchAssembler.Unit unit = open ? assembler.nextOfOpen(input) : assembler.next(input);
    if (unit == BatchAssembler.Unit.BATCH || unit == BatchAssembler.Unit.OPEN) {
      waiting = runner.isFull() && !runner.mayEndCopy(assembler.batch());
      if (waiting) {
        return false;
      }
    }
    return switch (unit) {
      case INCOMPLETE -> false;
      case BATCH -> batch();
      case OPEN -> opened();
      case FRAME -> frame();
    };
  }

  /**
   * During the login only password frames go on; whatever else was sent early waits for its end.
   */
  private boolean login() {
    if (assembler.nextOfOpen(input) == BatchAssembler.Unit.INCOMPLETE) {
      return false;
    }
    waiting = assembler.frameType() != FrontendType.PASSWORD;
    if (waiting) {
      return false;
    }
    stream(assembler.frameLength());
    return true;
  }

  /** What is left of a batch whose beginning has failed is not looked at, as the server does it. */
  void skipBatch() {
    skipping = true;
  }

  private boolean batch() {
    Batch batch = assembler.batch();
    int length = batch.end() - batch.start();
    if (skipping) {
      skipping = false;
      input.skipBytes(length);
      return true;
    }
    if (runner.endsCopy(batch)) {
      forward(length);
      return true;
    }
    switch (runner.plan(batch)) {
      case ExchangePlan.Forward plan -> {
        runner.forward(batch, plan);
        forward(length);
      }
      case ExchangePlan.Read plan -> {
        forwardPending();
        runner.read(batch, plan);
        input.skipBytes(length);
      }
      case ExchangePlan.Local plan -> {
        return local(batch, plan);
      }
      case ExchangePlan.Opening plan -> {
        forward(batch.frameEnd(plan.frames() - 1) - batch.start());
        forwardPending();
        runner.opening(plan);
      }
      case ExchangePlan.Moved plan -> {
        forwardPending();
        session.moved().run(batch, plan);
        input.skipBytes(length);
      }
      case ExchangePlan.Refused plan -> {
        forwardPending();
        input.skipBytes(length);
        runner.answer(plan.fault());
      }
      case ExchangePlan.Wait ignored -> {
        waiting = true;
        return false;
      }
    }
    return true;
  }

  private boolean local(Batch batch, ExchangePlan.Local plan) {
    forwardPending();
    int length = batch.end() - batch.start();
    Objects.requireNonNull(runner.commands()).run(batch, plan);
    input.skipBytes(length);
    return true;
  }

  /**
   * An extended batch that does not end here: what is there goes to the authority, the rest follows
   * as it comes.
   */
  private boolean opened() {
    Batch batch = assembler.batch();
    int length = batch.end() - batch.start();
    LocalCommands commands = runner.commands();
    ExchangePlan local = commands == null ? null : commands.planOpen(batch, assembler.frameType());
    if (local instanceof ExchangePlan.Local plan) {
      return local(batch, plan);
    }
    waiting = local != null;
    if (waiting) {
      return false;
    }
    open = runner.open(batch, assembler.frameType());
    if (length > 0) {
      forward(length);
    } else if (!open) {
      stream(assembler.frameLength());
    }
    return true;
  }

  private boolean frame() {
    byte type = assembler.frameType();
    if (session.moved().isCopyIn()) {
      return copyToNew(type);
    }
    if (open) {
      runner.frameOfOpen(assembler.batch(), type);
      open = type != FrontendType.SYNC;
    } else {
      runner.loneFrame(type);
    }
    stream(assembler.frameLength());
    return true;
  }

  private boolean copyToNew(byte type) {
    forwardPending();
    int there = (int) Math.min(assembler.frameLength(), input.readableBytes());
    boolean last = type == FrontendType.COPY_DONE || type == FrontendType.COPY_FAIL;
    streaming = assembler.frameLength() - there;
    streamingToNew = streaming > 0;
    session.moved().feed(input.readRetainedSlice(there), last);
    return true;
  }

  private void stream(long length) {
    int there = (int) Math.min(length, input.readableBytes());
    streaming = length - there;
    byte type = assembler.frameType();
    boolean unread = assembler.batch().count() == 0;
    if (unread && (type == FrontendType.QUERY || type == FrontendType.PARSE)) {
      largeText = runner.largeText();
      // Letters among the bytes of the length are no words.
      look(BatchAssembler.HEADER, there - BatchAssembler.HEADER);
    }
    forward(there);
  }

  /** A statement that is not looked at as a whole is looked at as it passes. */
  private void look(int skipped, int length) {
    LargeText text = largeText;
    if (text != null) {
      text.feed(input, input.readerIndex() + skipped, length);
      if (streaming == 0) {
        text.end();
        largeText = null;
      }
    }
  }

  /** Moves past bytes that go to old as they are. */
  private void forward(int length) {
    if (forwardFrom < 0) {
      forwardFrom = input.readerIndex();
    }
    input.skipBytes(length);
  }

  /** Sends what was moved past. Before anything else is written to old, this has to be. */
  void forwardPending() {
    if (forwardFrom < 0) {
      return;
    }
    int from = forwardFrom;
    forwardFrom = -1;
    session.toOld(input.retainedSlice(from, input.readerIndex() - from));
  }

  /** What is left of the input when the session turns into a plain relay; owned by the caller. */
  @Nullable ByteBuf takeInput() {
    ByteBuf rest = input.isReadable() ? input.retain() : null;
    release();
    return rest;
  }
}
