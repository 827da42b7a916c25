package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendDecoder.Verdict;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What new says where it is the authority: the answers to what only the sidecar asked are dropped,
 * all else goes on to what translates it back.
 */
final class MovedReplies extends ChannelInboundHandlerAdapter implements BackendDecoder.Sink {
  private final ClientSession session;
  private final MovedSide side;
  private final Consumer<ByteBuf> shape;
  private final BackendDecoder decoder;
  private ByteBuf replacement = Unpooled.EMPTY_BUFFER;
  private int readyToSwallow;
  private @Nullable ErrorFields prologueError;
  private @Nullable Fenced fenced;
  private boolean committed;
  private boolean copyIn;
  private boolean undone;
  private boolean answered;
  private int errorClass = Exchange.NO_ERROR;
  private byte status = 'I';

  /**
   * @param shape takes over what answers the client
   */
  MovedReplies(ClientSession session, MovedSide side, Consumer<ByteBuf> shape) {
    this.session = session;
    this.side = side;
    this.shape = shape;
    this.decoder = new BackendDecoder(session.client().alloc(), this);
  }

  /** A batch is sent, after so many queries of the sidecar's own. */
  void expect(int swallowReady) {
    readyToSwallow += swallowReady;
    fenced = null;
    committed = false;
    undone = false;
    answered = false;
    errorClass = Exchange.NO_ERROR;
  }

  /** How many ReadyForQuery come before the one of what is expected. */
  int readyToSwallow() {
    return readyToSwallow;
  }

  /** One more ReadyForQuery answers something that only the sidecar asked. */
  void swallowReady() {
    readyToSwallow++;
  }

  /** Of the error that the batch came to; {@link Exchange#NO_ERROR} where there was none. */
  int errorClass() {
    return errorClass;
  }

  boolean isCopyIn() {
    return copyIn;
  }

  void copyInEnded() {
    copyIn = false;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object chunk) {
    session.proxyTime().entered();
    try {
      decoder.decode((ByteBuf) chunk);
    } catch (ProtocolViolation e) {
      side.lost(context.channel(), e);
      return;
    }
    if (prologueError != null && readyToSwallow == 0) {
      ErrorFields error = prologueError;
      prologueError = null;
      side.refused(error);
    } else if (answered) {
      answered = false;
      side.answered(status, committed, fenced);
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
    side.lost(context.channel(), null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    session.broken("NEW", cause);
    side.lost(context.channel(), cause);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    decoder.release();
  }

  @Override
  public Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    if (type == BackendType.PARAMETER_STATUS || type == BackendType.NOTIFICATION) {
      return Verdict.DROP;
    }
    if (readyToSwallow > 0) {
      own(type, borrowed, start, end);
      return Verdict.DROP;
    }
    switch (type) {
      case BackendType.READY_FOR_QUERY -> {
        status = borrowed.getByte(start + 5);
        answered = true;
        side.ends(status, undone);
        copyIn = false;
      }
      case BackendType.COMMAND_COMPLETE -> {
        committed = borrowed.getByte(start + 5) == 'C';
        undone = Frames.isRollback(borrowed, start, end);
      }
      case BackendType.COPY_IN -> {
        copyIn = true;
        side.passOn();
      }
      case BackendType.ERROR -> {
        errorClass = ErrorFields.errorClass(borrowed, start, end);
        return failed(ErrorFields.read(borrowed, start, end));
      }
      default -> {
        // The others mean nothing here.
      }
    }
    return Verdict.FORWARD;
  }

  private void own(byte type, ByteBuf borrowed, int start, int end) {
    if (type == BackendType.ERROR) {
      prologueError = ErrorFields.read(borrowed, start, end);
    } else if (type == BackendType.READY_FOR_QUERY) {
      readyToSwallow--;
    }
  }

  private Verdict failed(ErrorFields error) {
    copyIn = false;
    undone = true;
    if (error.isFatal()) {
      // The connection ends with it; what becomes of the client's is decided then.
      return Verdict.DROP;
    }
    Fenced found = Fenced.read(error, Side.NEW);
    if (found == null) {
      return Verdict.FORWARD;
    }
    session.context().routing().told(found.migration(), found.authority());
    if (side.mayRetry()) {
      fenced = found;
      return Verdict.FORWARD;
    }
    replacement = Faults.moved(session.client().alloc(), found);
    return Verdict.REPLACE;
  }

  @Override
  public ByteBuf replacement() {
    ByteBuf frame = replacement;
    replacement = Unpooled.EMPTY_BUFFER;
    return frame;
  }

  @Override
  public void passesUnread(byte type) {
    // Rows: on to the client.
  }

  @Override
  public void forward(ByteBuf bytes) {
    shape.accept(bytes);
  }
}
