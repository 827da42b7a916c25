package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of the server: its type letter and its body without the length. Two frames are equal
 * if they have the same bytes; {@link #toString()} is the readable form of {@link FrameText}.
 */
public final class Frame {
  private final char type;
  private final byte[] body;

  Frame(char type, byte[] body) {
    this.type = type;
    this.body = body;
  }

  /** The type letter, for example {@code 'D'} for a data row. */
  public char type() {
    return type;
  }

  /** A copy of the body. */
  public byte[] body() {
    return body.clone();
  }

  /** A reader over the body, which it cannot change. */
  ByteBuffer buffer() {
    return ByteBuffer.wrap(body).asReadOnlyBuffer();
  }

  /** The values of a data row in their textual or binary form, null for NULL. */
  public byte[] @Nullable [] values() {
    require('D');
    ByteBuffer buffer = buffer();
    byte[] @Nullable [] values = new byte[buffer.getShort()][];
    for (int i = 0; i < values.length; i++) {
      int length = buffer.getInt();
      if (length >= 0) {
        values[i] = new byte[length];
        buffer.get(values[i]);
      }
    }
    return values;
  }

  /** The value of a data row's column as text; null for NULL. */
  public @Nullable String text(int column) {
    byte[] value = values()[column];
    return value == null ? null : new String(value, UTF_8);
  }

  /**
   * The fields of an error or a notice by their letters, as in the manual's "Error and Notice
   * Message Fields".
   */
  public Map<Character, String> fields() {
    if (type != 'N') {
      require('E');
    }
    Map<Character, String> fields = new LinkedHashMap<>();
    ByteBuffer buffer = buffer();
    for (byte field = buffer.get(); field != 0; field = buffer.get()) {
      fields.put((char) field, string(buffer));
    }
    return fields;
  }

  /** The SQLSTATE of an error or a notice. */
  public String sqlState() {
    return fields().getOrDefault('C', "");
  }

  /** The tag of a CommandComplete, for example {@code INSERT 0 1}. */
  public String tag() {
    require('C');
    return string(buffer());
  }

  /** The transaction status of a ReadyForQuery: I idle, T in a transaction, E in a failed one. */
  public char status() {
    require('Z');
    return (char) body[0];
  }

  private void require(char expected) {
    if (type != expected) {
      throw new IllegalStateException("expected a frame " + expected + ", got " + this);
    }
  }

  /** Reads up to the zero byte that ends every string of the protocol. */
  static String string(ByteBuffer buffer) {
    int start = buffer.position();
    int end = start;
    while (buffer.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - start];
    buffer.get(bytes).get();
    return new String(bytes, UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Frame frame && frame.type == type && Arrays.equals(frame.body, body);
  }

  @Override
  public int hashCode() {
    return 31 * type + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return FrameText.of(this);
  }
}
