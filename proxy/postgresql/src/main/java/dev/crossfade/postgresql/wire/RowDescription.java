package dev.crossfade.postgresql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A RowDescription frame as one server sent it, kept to be given to clients whose rows another
 * server sends.
 *
 * <pre>
 * 'T' | int32 length | int16 columns | per column: name\0 int32 table int16 attribute int32 type int16 size int32 modifier int16 format
 * </pre>
 */
public final class RowDescription {
  private final byte[] frame;
  private final int[] formatOffsets;
  private final int[] types;

  private RowDescription(byte[] frame, int[] formatOffsets, int[] types) {
    this.frame = frame;
    this.formatOffsets = formatOffsets;
    this.types = types;
  }

  /**
   * Copies the frame whose header starts at {@code start}.
   *
   * @throws ProtocolViolation when it does not hold the columns it announces
   */
  public static RowDescription read(ByteBuf borrowed, int start, int end) {
    byte[] frame = new byte[end - start];
    borrowed.getBytes(start, frame);
    int columns = frame.length < 7 ? 0 : (frame[5] & 0xff) << 8 | (frame[6] & 0xff);
    int[] formatOffsets = new int[columns];
    int[] types = new int[columns];
    int at = 7;
    for (int column = 0; column < columns; column++) {
      while (at < frame.length && frame[at] != 0) {
        at++;
      }
      if (at + 19 > frame.length) {
        throw new ProtocolViolation(
            "a RowDescription of " + columns + " columns ends at column " + column);
      }
      types[column] = borrowed.getInt(start + at + 7);
      formatOffsets[column] = at + 17;
      at += 19;
    }
    return new RowDescription(frame, formatOffsets, types);
  }

  /** What it takes in memory, about. */
  public int bytes() {
    return frame.length + 8 * types.length;
  }

  public int columns() {
    return types.length;
  }

  /** The type OID of a column. */
  public int type(int column) {
    return types[column];
  }

  /** What a column is called, in UTF-8. */
  public String name(int column) {
    int start = column == 0 ? 7 : formatOffsets[column - 1] + 2;
    return new String(frame, start, formatOffsets[column] - 17 - start, StandardCharsets.UTF_8);
  }

  public boolean sameTypes(RowDescription other) {
    return Arrays.equals(types, other.types);
  }

  /** The types of all columns, in their order. */
  public boolean hasTypes(int[] expected) {
    return Arrays.equals(types, expected);
  }

  /**
   * The same with other types.
   *
   * @param others one for each column
   */
  public RowDescription withTypes(int[] others) {
    ByteBuffer copy = ByteBuffer.wrap(frame.clone());
    for (int column = 0; column < others.length; column++) {
      copy.putInt(formatOffsets[column] - 10, others[column]);
    }
    return new RowDescription(copy.array(), formatOffsets, others);
  }

  /** The same without saying which tables its columns are of. */
  public RowDescription withoutTables() {
    byte[] copy = frame.clone();
    for (int format : formatOffsets) {
      Arrays.fill(copy, format - 16, format - 10, (byte) 0);
    }
    return new RowDescription(copy, formatOffsets, types);
  }

  /** Whether names, types and modifiers agree, formats and tables too. */
  public boolean isSame(RowDescription other) {
    return Arrays.equals(frame, other.frame);
  }

  /** The frame. */
  public ByteBuf write(ByteBufAllocator allocator) {
    return allocator.buffer(frame.length).writeBytes(frame);
  }

  /** This description with the formats of {@code sent}, which must have as many columns. */
  public ByteBuf withFormatsOf(RowDescription sent, ByteBufAllocator allocator) {
    ByteBuf copy = allocator.buffer(frame.length).writeBytes(frame);
    for (int column = 0; column < formatOffsets.length; column++) {
      int from = sent.formatOffsets[column];
      copy.setByte(formatOffsets[column], sent.frame[from]);
      copy.setByte(formatOffsets[column] + 1, sent.frame[from + 1]);
    }
    return copy;
  }
}
