package dev.crossfade.postgresql.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a client answers to a server that asks for SASL.
 *
 * <pre>
 * 'p' int32 length | mechanism, 0, int32 length, message     the first time
 * 'p' int32 length | message                                 then
 * </pre>
 */
public record SaslResponse(byte[] body) {
  /** As in the server: a longer frame is none. The type byte does not count. */
  public static final int MAX_LENGTH = 1024;

  private static final int HEADER = 5;

  /** The first one, which says how the client goes on. */
  public record Initial(String mechanism, byte[] message) {}

  /**
   * Reads the frame at the reader index and moves past it.
   *
   * @return null while bytes are missing
   * @throws ProtocolViolation when it is another frame, or too long
   */
  public static @Nullable SaslResponse read(ByteBuf borrowed) {
    if (!borrowed.isReadable()) {
      return null;
    }
    int at = borrowed.readerIndex();
    int type = borrowed.getUnsignedByte(at);
    if (type != FrontendType.PASSWORD) {
      throw new ProtocolViolation("expected SASL response, got message type " + type);
    }
    if (borrowed.readableBytes() < HEADER) {
      return null;
    }
    int length = borrowed.getInt(at + 1);
    if (length < Integer.BYTES || length > MAX_LENGTH) {
      throw new ProtocolViolation(
          "the length of a SASL response is 4 to " + MAX_LENGTH + ", not " + length);
    }
    if (borrowed.readableBytes() < 1 + length) {
      return null;
    }
    borrowed.skipBytes(HEADER);
    byte[] body = new byte[length - Integer.BYTES];
    borrowed.readBytes(body);
    return new SaslResponse(body);
  }

  /**
   * @throws ProtocolViolation when it has another layout
   */
  public Initial initial() {
    int zero = 0;
    while (zero < body.length && body[zero] != 0) {
      zero++;
    }
    int message = zero + 1 + Integer.BYTES;
    if (message > body.length || ByteBuffer.wrap(body).getInt(zero + 1) != body.length - message) {
      throw new ProtocolViolation("malformed SASL initial response");
    }
    return new Initial(
        new String(body, 0, zero, StandardCharsets.US_ASCII),
        Arrays.copyOfRange(body, message, body.length));
  }
}
