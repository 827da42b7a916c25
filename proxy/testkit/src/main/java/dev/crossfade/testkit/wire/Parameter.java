package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A value for one parameter of a Bind message, in text or binary format. */
public final class Parameter {
  private final int format;
  private final byte @Nullable [] bytes;

  private Parameter(int format, byte @Nullable [] bytes) {
    this.format = format;
    this.bytes = bytes;
  }

  /** A value in text format. */
  public static Parameter text(String value) {
    return new Parameter(0, value.getBytes(UTF_8));
  }

  /** A value in binary format. */
  public static Parameter binary(byte[] value) {
    return new Parameter(1, value.clone());
  }

  /** An int4 in binary format. */
  public static Parameter int4(int value) {
    return new Parameter(1, ByteBuffer.allocate(4).putInt(value).array());
  }

  /** An int8 in binary format. */
  public static Parameter int8(long value) {
    return new Parameter(1, ByteBuffer.allocate(8).putLong(value).array());
  }

  /** NULL. */
  public static Parameter ofNull() {
    return new Parameter(0, null);
  }

  /** The format code: 0 text, 1 binary. */
  int format() {
    return format;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }
}
