package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.type.Layout;
import dev.crossfade.postgresql.type.OidRewriter;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The Bind frame of a batch that goes to another server than its client thinks: binary values of
 * user-made types name their types inside. What is not well formed stays as it is, for the server
 * to say so.
 *
 * <pre>
 * 'B' int32 length portal\0 statement\0 int16 formats int16* | int16 values (int32 length, bytes)* | int16 formats int16*
 * </pre>
 */
final class BindFrame {
  private static final int HEADER = 5;

  private final ByteBuf bytes;
  private final int start;
  private final int end;

  private BindFrame(ByteBuf borrowed, int start, int end) {
    this.bytes = borrowed;
    this.start = start;
    this.end = end;
  }

  /**
   * The first in a series of frames.
   *
   * @return null when there is none
   */
  static @Nullable BindFrame find(ByteBuf borrowed, int start, int end) {
    int at = start;
    while (end - at >= HEADER) {
      int length = borrowed.getInt(at + 1);
      if (length < 4 || length > end - at - 1) {
        return null;
      }
      if (borrowed.getByte(at) == FrontendType.BIND) {
        return new BindFrame(borrowed, at + HEADER, at + 1 + length);
      }
      at += 1 + length;
    }
    return null;
  }

  /** Changes the OIDs inside the values to those of the side that answers. */
  void changeParameters(@Nullable Layout[] layouts) {
    int formatsAt = formatsAt();
    int at = valuesAt(formatsAt);
    if (at < 0 || end - at < 2) {
      return;
    }
    int values = bytes.getUnsignedShort(at);
    at += 2;
    OidRewriter rewriter = OidRewriter.ofParameters();
    for (int value = 0; value < values && end - at >= 4; value++) {
      int length = bytes.getInt(at);
      at += 4;
      if (length > end - at) {
        return;
      }
      Layout layout = value < layouts.length ? layouts[value] : null;
      if (layout != null && length > 0 && isBinary(formatsAt, value)) {
        rewriter.beginValue(layout, length);
        rewriter.pass(bytes, at, at + length);
      }
      at += Math.max(length, 0);
    }
  }

  /**
   * The layouts of the columns that come in binary.
   *
   * @return null when none of them has one
   */
  @Nullable Layout @Nullable [] inBinary(@Nullable Layout[] layouts) {
    int at = resultFormatsAt();
    if (at < 0) {
      return null;
    }
    @Nullable Layout[] binary = new Layout[layouts.length];
    boolean any = false;
    for (int column = 0; column < binary.length; column++) {
      if (layouts[column] != null && isBinary(at, column)) {
        binary[column] = layouts[column];
        any = true;
      }
    }
    return any ? binary : null;
  }

  /** Whether everything is there that it announces. */
  boolean isWhole() {
    return resultFormatsAt() >= 0;
  }

  /** Whether any column comes in binary. */
  boolean hasBinaryColumns() {
    int at = resultFormatsAt();
    int formats = at < 0 ? 0 : bytes.getUnsignedShort(at);
    for (int format = 0; format < formats; format++) {
      if (bytes.getShort(at + 2 + 2 * format) == 1) {
        return true;
      }
    }
    return false;
  }

  /** Where the parameters' formats are; -1 when the frame has none. */
  private int formatsAt() {
    int portalEnd = bytes.indexOf(start, end, (byte) 0);
    int nameEnd = portalEnd < 0 ? -1 : bytes.indexOf(portalEnd + 1, end, (byte) 0);
    return nameEnd < 0 || end - nameEnd - 1 < 2 ? -1 : nameEnd + 1;
  }

  private int valuesAt(int formatsAt) {
    if (formatsAt < 0) {
      return -1;
    }
    int at = formatsAt + 2 + 2 * bytes.getUnsignedShort(formatsAt);
    return end - at < 2 ? -1 : at;
  }

  private int resultFormatsAt() {
    int at = valuesAt(formatsAt());
    if (at < 0) {
      return -1;
    }
    int values = bytes.getUnsignedShort(at);
    at += 2;
    for (int value = 0; value < values; value++) {
      if (end - at < 4) {
        return -1;
      }
      int length = Math.max(bytes.getInt(at), 0);
      at += 4;
      if (length > end - at) {
        return -1;
      }
      at += length;
    }
    boolean whole = end - at >= 2 && end - at >= 2 + 2 * bytes.getUnsignedShort(at);
    return whole ? at : -1;
  }

  /** None: all are text; one: it holds for all; else one for each. */
  private boolean isBinary(int formatsAt, int index) {
    int formats = bytes.getUnsignedShort(formatsAt);
    int own = formats == 1 ? 0 : index;
    return own < formats && bytes.getShort(formatsAt + 2 + 2 * own) == 1;
  }
}
