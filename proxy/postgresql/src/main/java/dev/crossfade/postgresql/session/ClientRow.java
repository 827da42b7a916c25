package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.command.Row;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session as a row of the list of clients: names and states, never a statement or a value. */
final class ClientRow {
  private ClientRow() {}

  /**
   * @param changing also what only the session's own loop may look at
   */
  static Row of(ClientSession session, boolean changing) {
    Map<String, String> startup = session.startup().parameters();
    return Row.of(
        Long.toString(session.id()),
        session.startup().user(),
        session.startup().database(),
        changing
            ? session.state().settings().reported("application_name")
            : startup.get("application_name"),
        address(session.client().remoteAddress()),
        Instant.ofEpochMilli(session.sinceMillis()).toString(),
        changing ? transaction(session.state()) : null,
        changing ? waitsFor(session) : null,
        changing ? yesOrNo(session.newSide().isReady()) : null,
        changing ? yesOrNo(session.state().settings().isPinned()) : null,
        session.shaped() != null ? "new" : "old");
  }

  /** A client of the UNIX socket has none. */
  private static String address(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ':' + inet.getPort()
        : "local";
  }

  private static String transaction(SessionState state) {
    return switch (state.status()) {
      case 'I' -> "none";
      case 'E' -> "failed";
      default -> state.transaction() == TransactionSide.AUTHORITY ? "open" : "read only";
    };
  }

  private static String waitsFor(ClientSession session) {
    if (session.runner().isReading()) {
      return "new";
    }
    if (!session.oldSide().isIdle()) {
      return "old";
    }
    return session.runner().isBusy() ? "sidecar" : "client";
  }

  private static String yesOrNo(boolean yes) {
    return yes ? "yes" : "no";
  }
}
