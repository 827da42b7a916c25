package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Whole frames of a metadata connection to the answer that waits for them. Rows are small here, so frames are not split. */
final class AnswerHandler extends LengthFieldBasedFrameDecoder {
  private static final int MAX_FRAME = 4 * 1024 * 1024;

  private @Nullable Answer expected;

  AnswerHandler() {
    super(MAX_FRAME, 1, 4, -4, 0);
  }

  void expect(Answer answer) {
    expected = answer;
  }

  @Override
  protected @Nullable Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
    ByteBuf frame = (ByteBuf) super.decode(context, in);
    if (frame != null) {
      try {
        take(frame);
      } finally {
        frame.release();
      }
    }
    return null;
  }

  private void take(ByteBuf borrowed) {
    Answer answer = expected;
    if (answer == null) {
      return;
    }
    byte type = borrowed.getByte(borrowed.readerIndex());
    if (type == BackendType.DATA_ROW) {
      answer.row(borrowed.skipBytes(5));
    } else {
      answer.control(type, borrowed, borrowed.readerIndex(), borrowed.writerIndex());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    fail(new IOException("the server closed the connection"));
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(cause instanceof ProtocolViolation ? cause : new IOException(cause));
    context.close();
  }

  private void fail(Throwable cause) {
    if (expected != null) {
      expected.done().completeExceptionally(cause);
    }
  }
}
