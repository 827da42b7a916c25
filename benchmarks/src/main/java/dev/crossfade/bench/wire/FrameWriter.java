package dev.crossfade.bench.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames of protocol 3.0, one after the other. Grows as needed. */
public final class FrameWriter {
  private static final int FIRST_CAPACITY = 4096;

  private ByteBuffer buffer = ByteBuffer.allocate(FIRST_CAPACITY);
  private int lengthAt;

  /** Begins a frame of this type; {@link #end()} ends it. */
  public FrameWriter frame(char type) {
    return raw(type).unnamedFrame();
  }

  /** Begins a frame without a type, as the first one of a connection. */
  public FrameWriter unnamedFrame() {
    lengthAt = buffer.position();
    return int32(0);
  }

  /** With the zero byte that ends a string. */
  public FrameWriter text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8)).raw(0);
  }

  public FrameWriter bytes(byte[] bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  public FrameWriter raw(int value) {
    room(1).put((byte) value);
    return this;
  }

  public FrameWriter int16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  public FrameWriter int32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  public FrameWriter int64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  /** Ends the frame that was begun last. */
  public void end() {
    buffer.putInt(lengthAt, buffer.position() - lengthAt);
  }

  /** How many bytes were written. */
  public int position() {
    return buffer.position();
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
      buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
    }
    return buffer;
  }
}
