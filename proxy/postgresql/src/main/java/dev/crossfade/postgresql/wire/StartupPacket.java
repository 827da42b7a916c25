package dev.crossfade.postgresql.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first packet of a connection, the only one without a type byte.
 *
 * <pre>
 * int32 length (itself included) | int32 code | body
 * code 80877103 SSLRequest, 80877104 GSSENCRequest, 80877102 CancelRequest(pid, secret), else protocol version
 * </pre>
 */
public sealed interface StartupPacket {
  /**
   * As in the server: a longer packet is no start-up packet. The server does not count the length
   * itself.
   */
  int MAX_LENGTH = 10_004;

  int CANCEL = 80877102;
  int SSL = 80877103;
  int GSS = 80877104;

  /** The client would like TLS. */
  record SslRequest() implements StartupPacket {}

  /** The client would like GSSAPI encryption. */
  record GssRequest() implements StartupPacket {}

  /** Asks to cancel what the session with this key does. */
  record Cancel(CancelKey key) implements StartupPacket {}

  /**
   * Opens a session.
   *
   * @param parameters in the order they came; {@code user} may be missing, the server says so
   */
  record Session(Map<String, String> parameters) implements StartupPacket {
    public String user() {
      return parameters.getOrDefault("user", "");
    }

    /** The database asked for; the user's name where none was. */
    public String database() {
      String database = parameters.getOrDefault("database", "");
      return database.isEmpty() ? user() : database;
    }

    public boolean isReplication() {
      String value = parameters.get("replication");
      return value != null
          && !value.equals("false")
          && !value.equals("off")
          && !value.equals("no")
          && !value.equals("0");
    }
  }

  /** Another protocol version, or nothing known: the server is to answer it. */
  record Unknown(int code) implements StartupPacket {}

  /**
   * Reads the packet at the reader index and moves past it.
   *
   * @return null while bytes are missing
   * @throws ProtocolViolation when the length cannot be that of a start-up packet
   */
  static @Nullable StartupPacket read(ByteBuf borrowed) {
    if (borrowed.readableBytes() < 4) {
      return null;
    }
    int at = borrowed.readerIndex();
    int length = borrowed.getInt(at);
    if (length < 8 || length > MAX_LENGTH) {
      throw new ProtocolViolation(
          "the length of a start-up packet is 8 to " + MAX_LENGTH + ", not " + length);
    }
    if (borrowed.readableBytes() < length) {
      return null;
    }
    borrowed.skipBytes(length);
    int code = borrowed.getInt(at + 4);
    return switch (code) {
      case SSL -> new SslRequest();
      case GSS -> new GssRequest();
      case CANCEL -> cancel(borrowed, at, length);
      default -> code >>> 16 == 3 ? session(borrowed, at, at + length) : new Unknown(code);
    };
  }

  private static StartupPacket cancel(ByteBuf borrowed, int at, int length) {
    if (length < 16) {
      throw new ProtocolViolation("a cancel request has at least 16 bytes, not " + length);
    }
    byte[] secret = new byte[length - 12];
    borrowed.getBytes(at + 12, secret);
    return new Cancel(new CancelKey(borrowed.getInt(at + 8), secret));
  }

  /** A layout that the server would refuse is left to the server to refuse. */
  private static StartupPacket session(ByteBuf borrowed, int packet, int end) {
    Map<String, String> parameters = new LinkedHashMap<>();
    int at = packet + 8;
    while (at < end && borrowed.getByte(at) != 0) {
      int nameEnd = stringEnd(borrowed, at, end);
      int valueEnd = nameEnd < 0 ? -1 : stringEnd(borrowed, nameEnd + 1, end);
      if (valueEnd < 0) {
        break;
      }
      parameters.put(
          borrowed.toString(at, nameEnd - at, StandardCharsets.UTF_8),
          borrowed.toString(nameEnd + 1, valueEnd - nameEnd - 1, StandardCharsets.UTF_8));
      at = valueEnd + 1;
    }
    return at == end - 1 ? new Session(parameters) : new Unknown(borrowed.getInt(packet + 4));
  }

  private static int stringEnd(ByteBuf borrowed, int from, int end) {
    return from < end ? borrowed.indexOf(from, end, (byte) 0) : -1;
  }
}
