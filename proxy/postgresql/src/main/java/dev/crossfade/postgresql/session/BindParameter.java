package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.type.TemporalTypes;
import dev.crossfade.sql.parse.Moments;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One parameter value of a Bind frame as text, for bucketing.
 *
 * <pre>
 * portal\0 statement\0 int16 formats int16* | int16 values (int32 length, bytes)* | result formats
 * </pre>
 */
final class BindParameter {
  static final int TEXT = 25;

  private static final int INT8 = 20;
  private static final int INT2 = 21;
  private static final int INT4 = 23;
  private static final int UUID_TYPE = 2950;

  private BindParameter() {}

  /**
   * Whether a parameter of a date or time type may be text that means a moment, such as {@code
   * now}.
   *
   * @param types OIDs of all parameters
   */
  static boolean mayMeanMoment(Batch batch, int frame, int[] types) {
    for (int i = 0; i < types.length; i++) {
      if (TemporalTypes.contains(types[i])) {
        String value = text(batch, frame, i + 1, types);
        if (value != null) {
          byte[] letters = value.getBytes(StandardCharsets.UTF_8);
          if (Moments.isMentioned(letters, 0, letters.length)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * @param number 1 for {@code $1}
   * @param types OIDs of all parameters
   * @return null when it is NULL, malformed, or binary of a type whose text is not known here
   */
  static @Nullable String text(Batch batch, int frame, int number, int[] types) {
    ByteBuf bytes = batch.bytes();
    int end = batch.frameEnd(frame);
    int portalEnd = batch.stringEnd(frame, batch.frameStart(frame) + 5);
    int at = portalEnd < 0 ? -1 : batch.stringEnd(frame, portalEnd + 1) + 1;
    if (at <= 0 || end - at < 2 || number > types.length) {
      return null;
    }
    int formats = bytes.getUnsignedShort(at);
    int formatsAt = at + 2;
    at = formatsAt + 2 * formats;
    if (end - at < 2 || bytes.getUnsignedShort(at) < number) {
      return null;
    }
    at += 2;
    for (int value = 1; value <= number && end - at >= 4; value++) {
      int length = bytes.getInt(at);
      at += 4;
      if (value == number) {
        boolean whole = length >= 0 && length <= end - at;
        return whole
            ? text(
                bytes, at, length, types[number - 1], isBinary(bytes, formatsAt, formats, number))
            : null;
      }
      at += Math.max(length, 0);
    }
    return null;
  }

  private static boolean isBinary(ByteBuf bytes, int formatsAt, int formats, int number) {
    if (formats == 0) {
      return false;
    }
    int index = formats == 1 ? 0 : number - 1;
    return index < formats && bytes.getUnsignedShort(formatsAt + 2 * index) == 1;
  }

  private static @Nullable String text(
      ByteBuf bytes, int at, int length, int type, boolean binary) {
    if (!binary) {
      return bytes.toString(at, length, StandardCharsets.UTF_8);
    }
    return switch (type) {
      case INT2 -> length == 2 ? Short.toString(bytes.getShort(at)) : null;
      case INT4 -> length == 4 ? Integer.toString(bytes.getInt(at)) : null;
      case INT8 -> length == 8 ? Long.toString(bytes.getLong(at)) : null;
      case UUID_TYPE ->
          length == 16 ? new UUID(bytes.getLong(at), bytes.getLong(at + 8)).toString() : null;
      case TEXT, 1043, 1042 -> bytes.toString(at, length, StandardCharsets.UTF_8);
      default -> null;
    };
  }
}
