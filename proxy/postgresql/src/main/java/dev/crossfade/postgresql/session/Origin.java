package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What sessions carry on both databases, so that capture can tell their writes from those that come
 * past every sidecar: the setting {@code crossfade.origin}, in the start-up packet. So it is the
 * session's default, which no RESET or DISCARD takes away, and neither SHOW ALL nor pg_settings
 * list it. A client that says itself where it comes from is believed.
 */
final class Origin {
  private static final String NAME = "crossfade.origin";
  private static final String VALUE = "sidecar";

  private Origin() {}

  private static boolean isSaid(Map<String, String> parameters) {
    return parameters.keySet().stream().anyMatch(NAME::equalsIgnoreCase);
  }

  static Map<String, String> added(Map<String, String> parameters) {
    if (isSaid(parameters)) {
      return parameters;
    }
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.put(NAME, VALUE);
    return all;
  }

  /**
   * @param packet as it came; taken over
   * @return the packet to send; the same one where the server would not take a longer one
   */
  static ByteBuf added(ByteBufAllocator allocator, StartupPacket.Session session, ByteBuf packet) {
    byte[] parameter = (NAME + '\0' + VALUE + '\0').getBytes(StandardCharsets.US_ASCII);
    int length = packet.readableBytes() + parameter.length;
    if (length > StartupPacket.MAX_LENGTH || isSaid(session.parameters())) {
      return packet;
    }
    // What ends the parameters is the last byte.
    ByteBuf longer = allocator.buffer(length);
    longer.writeBytes(packet, packet.readerIndex(), packet.readableBytes() - 1);
    longer.writeBytes(parameter).writeByte(0).setInt(0, length);
    packet.release();
    return longer;
  }
}
