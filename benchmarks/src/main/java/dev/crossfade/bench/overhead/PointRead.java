package dev.crossfade.bench.overhead;

import dev.crossfade.bench.wire.FrameWriter;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * One row by its key, as frames that are made once; only the key changes from query to query, in
 * place.
 *
 * <p>{@code sql} holds {@code %s} where the key stands, which runs from 1 to {@code keys}.
 */
record PointRead(String name, String sql, int keys) {
  private static final int KEY_DIGITS = 9;
  private static final int OID_INT8 = 20;
  private static final String STATEMENT = "point";

  /** The frames of a protocol mode. */
  enum Mode {
    /** One Query. */
    SIMPLE,
    /** Parse, Bind, Describe, Execute and Sync. */
    EXTENDED,
    /** Bind, Execute and Sync of a statement that was prepared at the start. */
    PREPARED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A batch and where its key stands. Not for more than one thread. */
  static final class Frames {
    private final ByteBuffer bytes;
    private final int keyAt;
    private final boolean inText;

    private Frames(byte[] bytes, int keyAt, boolean inText) {
      this.bytes = ByteBuffer.allocateDirect(bytes.length).put(bytes);
      this.keyAt = keyAt;
      this.inText = inText;
    }

    /** The batch that asks for this key, ready to be written. */
    ByteBuffer with(int key) {
      if (inText) {
        int rest = key;
        for (int i = KEY_DIGITS - 1; i >= 0; i--) {
          bytes.put(keyAt + i, (byte) ('0' + rest % 10));
          rest /= 10;
        }
      } else {
        bytes.putLong(keyAt, key);
      }
      return bytes.position(0).limit(bytes.capacity());
    }
  }

  Frames frames(Mode mode) {
    return switch (mode) {
      case SIMPLE -> simple();
      case EXTENDED -> extended();
      case PREPARED -> prepared();
    };
  }

  /** What a connection sends once before it asks in this mode; empty when nothing. */
  byte[] preparation(Mode mode) {
    if (mode != Mode.PREPARED) {
      return new byte[0];
    }
    FrameWriter writer = new FrameWriter();
    parse(writer, STATEMENT);
    writer.frame('S').end();
    return writer.toBytes();
  }

  private Frames simple() {
    FrameWriter writer = new FrameWriter();
    writer.frame('Q').text(sql.formatted("0".repeat(KEY_DIGITS))).end();
    return new Frames(writer.toBytes(), 5 + sql.indexOf("%s"), true);
  }

  private Frames extended() {
    FrameWriter writer = new FrameWriter();
    parse(writer, "");
    int keyAt = bind(writer, "");
    writer.frame('D').raw('P').text("").end();
    execute(writer);
    return new Frames(writer.toBytes(), keyAt, false);
  }

  private Frames prepared() {
    FrameWriter writer = new FrameWriter();
    int keyAt = bind(writer, STATEMENT);
    execute(writer);
    return new Frames(writer.toBytes(), keyAt, false);
  }

  private void parse(FrameWriter writer, String statement) {
    writer.frame('P').text(statement).text(sql.formatted("$1")).int16(1).int32(OID_INT8).end();
  }

  private static int bind(FrameWriter writer, String statement) {
    writer.frame('B').text("").text(statement).int16(1).int16(1).int16(1).int32(Long.BYTES);
    int keyAt = writer.position();
    writer.int64(1).int16(1).int16(1).end();
    return keyAt;
  }

  private static void execute(FrameWriter writer) {
    writer.frame('E').text("").int32(0).end();
    writer.frame('S').end();
  }
}
