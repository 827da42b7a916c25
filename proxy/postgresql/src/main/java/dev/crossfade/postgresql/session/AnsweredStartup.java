package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.postgresql.auth.terminated.KnownUser;
import dev.crossfade.postgresql.wire.StartupPacket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A start-up packet that the sidecar itself answers. Only protocol 3.0 is spoken: what goes beyond
 * it would have to be agreed on with old, which is not asked before the client has shown who it is.
 *
 * @param packet null when it is not understood
 * @param version as the packet has it: major and minor, 16 bits each
 */
record AnsweredStartup(StartupPacket.@Nullable Session packet, int version) {
  private static final int MAJOR = 3;

  /** Why there cannot be a session; null when there can. */
  @Nullable Fault refusal() {
    if (major() != MAJOR) {
      return new Fault(
          Fault.Kind.UNSUPPORTED,
          "unsupported frontend protocol "
              + major()
              + '.'
              + minor()
              + ": the sidecar supports 3.0");
    }
    if (packet == null) {
      return new Fault(Fault.Kind.PROTOCOL_VIOLATION, "invalid startup packet layout");
    }
    if (packet.isReplication()) {
      return new Fault(
          Fault.Kind.UNSUPPORTED,
          "the sidecar passes replication on only where clients log in to the database themselves;"
              + " connect to the database");
    }
    return packet.user().isEmpty()
        ? new Fault(Fault.Kind.NOT_ADMITTED, "no PostgreSQL user name specified in startup packet")
        : null;
  }

  /** The session that the client asks for; only when nothing refuses it. */
  StartupPacket.Session session() {
    return Objects.requireNonNull(packet);
  }

  private int major() {
    return version >>> 16;
  }

  private int minor() {
    return version & 0xffff;
  }

  /** Whether the client has to be told what is not spoken here. */
  boolean asksForMore() {
    return minor() > 0 || !options().isEmpty();
  }

  /** The options of the protocol that the client asks for, none of which is known. */
  List<String> options() {
    return session().parameters().keySet().stream().filter(AnsweredStartup::isOption).toList();
  }

  private static boolean isOption(String parameter) {
    return parameter.startsWith("_pq_.");
  }

  /** The session as old gets to know it. */
  StartupPacket.Session onOld(KnownUser user) {
    Map<String, String> parameters = new LinkedHashMap<>(session().parameters());
    parameters.keySet().removeIf(AnsweredStartup::isOption);
    parameters.put("user", user.old().user());
    // Where none is named, it is that of the user who asks.
    parameters.put("database", session().database());
    return new StartupPacket.Session(parameters);
  }
}
