package dev.crossfade.postgresql.command;

import dev.crossfade.postgresql.wire.BackendType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as a server would: all columns are of type text, which is the same in binary.
 */
public final class AnswerFrames {
  private static final int TEXT = 25;

  private AnswerFrames() {}

  /**
   * A RowDescription.
   *
   * @param formats as Bind gave them: none, one for all, or one for each column
   */
  public static void describe(ByteBuf out, List<String> columns, short[] formats, Charset charset) {
    int start = begin(out, BackendType.ROW_DESCRIPTION);
    out.writeShort(columns.size());
    for (int column = 0; column < columns.size(); column++) {
      out.writeCharSequence(columns.get(column), charset);
      out.writeByte(0).writeInt(0).writeShort(0).writeInt(TEXT).writeShort(-1).writeInt(-1);
      int format = formats.length == 1 ? 0 : column;
      out.writeShort(format < formats.length ? formats[format] : 0);
    }
    end(out, start);
  }

  /** A ParameterDescription. */
  public static void parameters(ByteBuf out, int[] types) {
    int start = begin(out, BackendType.PARAMETER_DESCRIPTION);
    out.writeShort(types.length);
    for (int type : types) {
      out.writeInt(type);
    }
    end(out, start);
  }

  /** A DataRow. */
  public static void row(ByteBuf out, Row row, Charset charset) {
    int start = begin(out, BackendType.DATA_ROW);
    out.writeShort(row.values().size());
    for (@Nullable String value : row.values()) {
      if (value == null) {
        out.writeInt(-1);
      } else {
        int length = out.writerIndex();
        out.writeInt(0);
        out.setInt(length, out.writeCharSequence(value, charset));
      }
    }
    end(out, start);
  }

  /** A CommandComplete. */
  public static void complete(ByteBuf out, String tag, Charset charset) {
    int start = begin(out, BackendType.COMMAND_COMPLETE);
    out.writeCharSequence(tag, charset);
    out.writeByte(0);
    end(out, start);
  }

  /** A frame without a body, such as ParseComplete. */
  public static void empty(ByteBuf out, byte type) {
    end(out, begin(out, type));
  }

  private static int begin(ByteBuf out, byte type) {
    out.writeByte(type).writeInt(0);
    return out.writerIndex();
  }

  private static void end(ByteBuf out, int start) {
    out.setInt(start - 4, out.writerIndex() - start + 4);
  }
}
