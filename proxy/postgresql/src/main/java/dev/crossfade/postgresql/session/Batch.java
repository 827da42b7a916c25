package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A view of the frames of one statement batch in the session's input: one Query, or everything up to Sync. Reused for every
 * batch of a session, so nothing may keep it.
 */
final class Batch {
  /** More frames than this in one batch stream to the authority. */
  static final int MAX_FRAMES = 4096;

  private ByteBuf bytes = io.netty.buffer.Unpooled.EMPTY_BUFFER;
  private byte[] types = new byte[16];
  private int[] starts = new int[17];
  private int count;

  void begin(ByteBuf borrowed, int start) {
    bytes = borrowed;
    count = 0;
    starts[0] = start;
  }

  void add(byte type, int end) {
    if (count == types.length) {
      types = Arrays.copyOf(types, count * 2);
      starts = Arrays.copyOf(starts, count * 2 + 1);
    }
    types[count++] = type;
    starts[count] = end;
  }

  ByteBuf bytes() {
    return bytes;
  }

  int count() {
    return count;
  }

  byte type(int frame) {
    return types[frame];
  }

  /** Where a frame's type byte is. */
  int frameStart(int frame) {
    return starts[frame];
  }

  int frameEnd(int frame) {
    return starts[frame + 1];
  }

  int start() {
    return starts[0];
  }

  int end() {
    return starts[count];
  }

  boolean isSimple() {
    return count == 1 && types[0] == FrontendType.QUERY;
  }

  /** Where the string that starts at {@code from} ends: the offset of its zero byte, or -1 when the frame has none. */
  int stringEnd(int frame, int from) {
    return from >= frameEnd(frame) ? -1 : bytes.indexOf(from, frameEnd(frame), (byte) 0);
  }

  String string(int from, int end) {
    return end == from ? "" : bytes.toString(from, end - from, StandardCharsets.UTF_8);
  }
}
