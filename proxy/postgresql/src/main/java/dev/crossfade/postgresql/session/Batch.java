package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A view of the frames of one statement batch in the session's input: one Query, or everything up
 * to Sync. Reused for every batch of a session, so nothing may keep it.
 */
final class Batch {
  /** More frames than this in one batch stream to the authority. */
  static final int MAX_FRAMES = 4096;

  /** NAMEDATALEN - 1 of the server. */
  private static final int MAX_NAME = 63;

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

  /** A view of some of the frames, which is as short-lived as this one. */
  Batch frames(int from, int to) {
    Batch part = new Batch();
    part.begin(bytes, frameStart(from));
    for (int frame = from; frame < to; frame++) {
      part.add(type(frame), frameEnd(frame));
    }
    return part;
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

  /** Its bytes, for the caller to release. */
  ByteBuf retained() {
    return bytes().retainedSlice(start(), end() - start());
  }

  boolean isSimple() {
    return count == 1 && types[0] == FrontendType.QUERY;
  }

  /**
   * Where the string that starts at {@code from} ends: the offset of its zero byte, or -1 when the
   * frame has none.
   */
  int stringEnd(int frame, int from) {
    return from >= frameEnd(frame) ? -1 : bytes.indexOf(from, frameEnd(frame), (byte) 0);
  }

  /** A name as {@link #name} reads it from a frame. */
  static String nameOf(String identifier) {
    byte[] utf8 = identifier.getBytes(StandardCharsets.UTF_8);
    return new String(utf8, 0, Math.min(utf8.length, MAX_NAME), StandardCharsets.ISO_8859_1);
  }

  /**
   * The name of a statement: one character for each byte, and no more of them than the server looks
   * at.
   */
  String name(int from, int end) {
    int length = Math.min(end - from, MAX_NAME);
    return length == 0 ? "" : bytes.toString(from, length, StandardCharsets.ISO_8859_1);
  }

  /** The OIDs that stand at the end of a Parse frame; none when they do not. */
  int[] types(int frame, int at) {
    if (frameEnd(frame) - at < 2) {
      return new int[0];
    }
    int count = bytes.getUnsignedShort(at);
    if (frameEnd(frame) - at - 2 < 4 * count) {
      return new int[0];
    }
    int[] oids = new int[count];
    for (int i = 0; i < count; i++) {
      oids[i] = bytes.getInt(at + 2 + 4 * i);
    }
    return oids;
  }

  boolean isOnlySync() {
    return count() == 1 && type(0) == FrontendType.SYNC;
  }
}
