package dev.crossfade.postgresql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Writes frames. Strings go out in UTF-8, bytes as they are; both must be free of zero bytes. */
public final class Frames {
  private static final int PROTOCOL_3_0 = 3 << 16;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;

  /** These eight letters. */
  private static final long ROLLBACK = 0x524F4C4C4241434BL;

  private Frames() {}

  /** The session's start-up packet. */
  public static ByteBuf startup(ByteBufAllocator allocator, Map<String, String> parameters) {
    ByteBuf frame = allocator.buffer(256).writeInt(0).writeInt(PROTOCOL_3_0);
    parameters.forEach(
        (name, value) -> {
          string(frame, name);
          string(frame, value);
        });
    frame.writeByte(0);
    return frame.setInt(0, frame.readableBytes());
  }

  public static ByteBuf cancel(ByteBufAllocator allocator, CancelKey key) {
    return allocator
        .buffer(12 + key.secret().length)
        .writeInt(12 + key.secret().length)
        .writeInt(StartupPacket.CANCEL)
        .writeInt(key.pid())
        .writeBytes(key.secret());
  }

  public static void query(ByteBuf out, byte[] sql) {
    out.writeByte(FrontendType.QUERY).writeInt(5 + sql.length).writeBytes(sql).writeByte(0);
  }

  /**
   * The longest prefix is {@code name}, then the text, then the parameter types the client fixed (0
   * = to be inferred).
   */
  public static void parse(ByteBuf out, byte[] name, byte[] sql, int[] parameterTypes) {
    int length = 4 + name.length + 1 + sql.length + 1 + 2 + 4 * parameterTypes.length;
    out.writeByte(FrontendType.PARSE).writeInt(length);
    out.writeBytes(name)
        .writeByte(0)
        .writeBytes(sql)
        .writeByte(0)
        .writeShort(parameterTypes.length);
    for (int type : parameterTypes) {
      out.writeInt(type);
    }
  }

  public static void describeStatement(ByteBuf out, byte[] name) {
    out.writeByte(FrontendType.DESCRIBE)
        .writeInt(6 + name.length)
        .writeByte('S')
        .writeBytes(name)
        .writeByte(0);
  }

  public static void closeStatement(ByteBuf out, byte[] name) {
    out.writeByte(FrontendType.CLOSE)
        .writeInt(6 + name.length)
        .writeByte('S')
        .writeBytes(name)
        .writeByte(0);
  }

  public static void closePortal(ByteBuf out, byte[] name) {
    out.writeByte(FrontendType.CLOSE)
        .writeInt(6 + name.length)
        .writeByte('P')
        .writeBytes(name)
        .writeByte(0);
  }

  /** All rows of a portal. */
  public static void execute(ByteBuf out, byte[] portal) {
    out.writeByte(FrontendType.EXECUTE)
        .writeInt(9 + portal.length)
        .writeBytes(portal)
        .writeByte(0)
        .writeInt(0);
  }

  public static void sync(ByteBuf out) {
    out.writeByte(FrontendType.SYNC).writeInt(4);
  }

  public static void flush(ByteBuf out) {
    out.writeByte(FrontendType.FLUSH).writeInt(4);
  }

  public static void terminate(ByteBuf out) {
    out.writeByte(FrontendType.TERMINATE).writeInt(4);
  }

  /** A 'p' frame: password, SASL response. */
  public static ByteBuf password(ByteBufAllocator allocator, byte[] body) {
    return allocator
        .buffer(5 + body.length)
        .writeByte(FrontendType.PASSWORD)
        .writeInt(4 + body.length)
        .writeBytes(body);
  }

  /** Asks the client to log in by SASL with one of these mechanisms. */
  public static void sasl(ByteBuf out, List<String> mechanisms) {
    int start = out.writerIndex();
    out.writeByte(BackendType.AUTHENTICATION).writeInt(0).writeInt(SASL);
    mechanisms.forEach(mechanism -> string(out, mechanism));
    out.writeByte(0);
    out.setInt(start + 1, out.writerIndex() - start - 1);
  }

  public static void saslContinue(ByteBuf out, byte[] message) {
    sasl(out, SASL_CONTINUE, message);
  }

  public static void saslFinal(ByteBuf out, byte[] message) {
    sasl(out, SASL_FINAL, message);
  }

  private static void sasl(ByteBuf out, int code, byte[] message) {
    out.writeByte(BackendType.AUTHENTICATION)
        .writeInt(8 + message.length)
        .writeInt(code)
        .writeBytes(message);
  }

  /**
   * A NegotiateProtocolVersion: protocol 3.0 is spoken.
   *
   * @param options those of the client that are not known
   */
  public static void negotiateVersion(ByteBuf out, List<String> options) {
    int start = out.writerIndex();
    out.writeByte(BackendType.NEGOTIATE_VERSION)
        .writeInt(0)
        .writeInt(PROTOCOL_3_0)
        .writeInt(options.size());
    options.forEach(option -> string(out, option));
    out.setInt(start + 1, out.writerIndex() - start - 1);
  }

  /** An ErrorResponse with severity, SQLSTATE and message. */
  public static void error(ByteBuf out, String severity, String sqlState, String message) {
    int start = out.writerIndex();
    out.writeByte(BackendType.ERROR).writeInt(0);
    fields(out, severity, sqlState, message);
    endFields(out, start);
  }

  /**
   * An ErrorResponse about a place in the client's text.
   *
   * @param position in characters, counted from 1
   */
  public static void error(ByteBuf out, ErrorFields mistake, String hint, int position) {
    int start = out.writerIndex();
    out.writeByte(BackendType.ERROR).writeInt(0);
    fields(out, mistake.severity(), mistake.sqlState(), mistake.message());
    field(out, 'H', hint);
    field(out, 'P', Integer.toString(position));
    endFields(out, start);
  }

  /**
   * An ErrorResponse with a detail, perhaps about a place in the client's text.
   *
   * @param position in characters, counted from 1; 0 when it concerns no place
   */
  public static void errorWithDetail(ByteBuf out, ErrorFields error, String detail, int position) {
    int start = out.writerIndex();
    out.writeByte(BackendType.ERROR).writeInt(0);
    fields(out, error.severity(), error.sqlState(), error.message());
    field(out, 'D', detail);
    if (position > 0) {
      field(out, 'P', Integer.toString(position));
    }
    endFields(out, start);
  }

  /** A NoticeResponse. */
  public static void notice(ByteBuf out, String message) {
    int start = out.writerIndex();
    out.writeByte(BackendType.NOTICE).writeInt(0);
    fields(out, "NOTICE", "00000", message);
    endFields(out, start);
  }

  private static void fields(ByteBuf out, String severity, String sqlState, String message) {
    field(out, 'S', severity);
    field(out, 'V', severity);
    field(out, 'C', sqlState);
    field(out, 'M', message);
  }

  /**
   * A copy of an ErrorResponse or NoticeResponse.
   *
   * @param borrowed the whole frame
   * @param without letters of the fields that are left out
   * @param position what becomes of the position, in characters counted from 1
   */
  public static void fields(
      ByteBuf out, ByteBuf borrowed, String without, IntUnaryOperator position) {
    int start = out.writerIndex();
    int at = borrowed.readerIndex();
    int end = borrowed.writerIndex();
    out.writeByte(borrowed.getByte(at)).writeInt(0);
    at += 5;
    while (at < end && borrowed.getByte(at) != 0) {
      int zero = borrowed.indexOf(at + 1, end, (byte) 0);
      if (zero < 0) {
        break;
      }
      char code = (char) borrowed.getByte(at);
      if (code == 'P') {
        movedPosition(
            out, borrowed.toString(at + 1, zero - at - 1, StandardCharsets.US_ASCII), position);
      } else if (without.indexOf(code) < 0) {
        out.writeBytes(borrowed, at, zero + 1 - at);
      }
      at = zero + 1;
    }
    endFields(out, start);
  }

  /** What is no number is no position. */
  private static void movedPosition(ByteBuf out, String text, IntUnaryOperator position) {
    if (text.matches("[0-9]{1,9}")) {
      field(out, 'P', Integer.toString(position.applyAsInt(Integer.parseInt(text))));
    }
  }

  /** Whether the tag of a CommandComplete says that a transaction was rolled back. */
  public static boolean isRollback(ByteBuf borrowed, int start, int end) {
    return end - start == 5 + Long.BYTES + 1 && borrowed.getLong(start + 5) == ROLLBACK;
  }

  private static void endFields(ByteBuf out, int start) {
    out.writeByte(0);
    out.setInt(start + 1, out.writerIndex() - start - 1);
  }

  /**
   * @param status {@code I}, {@code T} or {@code E}
   */
  public static void readyForQuery(ByteBuf out, byte status) {
    out.writeByte(BackendType.READY_FOR_QUERY).writeInt(5).writeByte(status);
  }

  private static void field(ByteBuf out, char code, String value) {
    out.writeByte(code);
    string(out, value);
  }

  private static void string(ByteBuf out, String value) {
    out.writeCharSequence(value, StandardCharsets.UTF_8);
    out.writeByte(0);
  }
}
