package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.migration.Side;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.FrontendType;
import dev.crossfade.sql.parse.Lexer;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a read for the connection of a lane. What clients have prepared is prepared here as well,
 * so that it is as quick.
 *
 * <pre>
 * simple:   Q
 * extended: [C] [P] B [D] E S    text for all columns where rows are kept
 * </pre>
 */
final class CopyFrames {
  private static final byte[] NONE = {};
  private static final int MOST_PREPARED = 64;
  private static final int MOST_PREPARED_BYTES = 16 << 10;

  private final Side side;
  private final Lexer lexer = new Lexer();
  private final Map<ByteBuffer, byte[]> prepared = new LinkedHashMap<>(16, 0.75f, true);
  private int names;

  /** Of the last read, if it is a prepared one. */
  private @Nullable ByteBuffer used;

  CopyFrames(Side side) {
    this.side = side;
  }

  /** The connection is another one. */
  void begin() {
    prepared.clear();
    used = null;
  }

  /** The last read has failed: whether it is prepared is not known. */
  void failed() {
    if (used != null) {
      prepared.remove(used);
    }
  }

  /**
   * @param keep whether its rows are to be read as text, with their names
   */
  void write(ByteBuf out, ReadSample sample, boolean keep) {
    used = null;
    byte[] text = text(sample);
    byte[] bound = sample.bound();
    if (bound == null) {
      Frames.query(out, text);
      return;
    }
    ReadPlan plan = sample.query().plan();
    int[] types =
        side == Side.OLD ? plan.description().parameterTypes() : plan.parameterTypesThere();
    byte[] name = NONE;
    if (sample.prepared() && text.length <= MOST_PREPARED_BYTES) {
      name = named(out, text, types);
    } else {
      Frames.parse(out, NONE, text, types);
    }
    int length = keep ? withoutFormats(bound) : bound.length;
    out.writeByte(FrontendType.BIND).writeInt(4 + 1 + name.length + 1 + length + (keep ? 2 : 0));
    out.writeByte(0).writeBytes(name).writeByte(0).writeBytes(bound, 0, length);
    if (keep) {
      out.writeShort(0);
      out.writeByte(FrontendType.DESCRIBE).writeInt(6).writeByte('P').writeByte(0);
    }
    Frames.execute(out, NONE);
    Frames.sync(out);
  }

  private byte[] named(ByteBuf out, byte[] text, int[] types) {
    ByteBuffer key = ByteBuffer.wrap(text);
    used = key;
    byte[] known = prepared.get(key);
    if (known != null) {
      return known;
    }
    if (prepared.size() == MOST_PREPARED) {
      ByteBuffer eldest = prepared.keySet().iterator().next();
      byte[] gone = prepared.remove(eldest);
      if (gone != null) {
        Frames.closeStatement(out, gone);
      }
    }
    byte[] name = ("crossfade_" + ++names).getBytes(StandardCharsets.US_ASCII);
    Frames.parse(out, name, text, types);
    prepared.put(key, name);
    return name;
  }

  private byte[] text(ReadSample sample) {
    if (side == Side.OLD) {
      return sample.sql();
    }
    byte[] known = sample.translated();
    return known == null
        ? sample
            .query()
            .plan()
            .translation()
            .apply(sample.sql(), lexer.lex(sample.sql(), sample.sql().length))
        : known;
  }

  /** Where the formats of the columns begin, behind the parameters. */
  private static int withoutFormats(byte[] bound) {
    ByteBuffer frame = ByteBuffer.wrap(bound);
    int at = 2 + 2 * (frame.getShort(0) & 0xffff);
    int values = frame.getShort(at) & 0xffff;
    at += 2;
    for (int value = 0; value < values; value++) {
      at += 4 + Math.max(0, frame.getInt(at));
    }
    return at;
  }
}
