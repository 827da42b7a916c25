package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** The frames that a client gets for a write, made of those of what was run instead. */
final class WriteReply {
  private static final int BINARY_BIGINT = 8;

  private WriteReply() {}

  static ByteBuf noData(ByteBufAllocator allocator) {
    return allocator.buffer(5).writeByte(BackendType.NO_DATA).writeInt(4);
  }

  /**
   * The one number of the one row.
   *
   * @param frame 'D' int32 length int16 columns int32 length and bytes, as text or binary
   */
  static long count(ByteBuf frame) {
    int at = frame.readerIndex() + 7;
    int length = frame.getInt(at);
    String text = length <= 0 ? "" : frame.toString(at + 4, length, StandardCharsets.ISO_8859_1);
    if (text.matches("[0-9]{1,19}")) {
      return Long.parseLong(text);
    }
    return length == BINARY_BIGINT ? frame.getLong(at + 4) : 0;
  }

  /**
   * @param frame CommandComplete of what was run: a SELECT
   * @param count that it gave, where the client gets no rows
   */
  static ByteBuf complete(Answer answer, ByteBuf frame, long count, ByteBufAllocator allocator) {
    int start = frame.readerIndex() + 5;
    String tag = frame.toString(start, frame.readableBytes() - 6, StandardCharsets.US_ASCII);
    String text =
        switch (answer) {
          case Answer.Rows(String verb) -> verb + tag.substring(tag.lastIndexOf(' '));
          case Answer.Count(String verb) -> verb + ' ' + count;
          case Answer.AsItIs _ -> tag;
        };
    byte[] own = text.getBytes(StandardCharsets.US_ASCII);
    return allocator
        .buffer(own.length + 6)
        .writeByte(BackendType.COMMAND_COMPLETE)
        .writeInt(own.length + 5)
        .writeBytes(own)
        .writeByte(0);
  }
}
