package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.auth.LoggedIn;
import dev.crossfade.postgresql.auth.LoginHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A session's login on new, with the sidecar's own credentials and the client's parameters. */
final class NewLogin {
  /** Start-up parameters that are the sidecar's own on new. */
  private static final Set<String> OWN_PARAMETERS = Set.of("user", "database", "replication");

  private NewLogin() {}

  /**
   * Begins to connect.
   *
   * @param opened told, on the session's loop, of the channel that new has let in
   * @param lost told of one that it has not
   * @return the channel
   */
  static Channel begin(
      ClientSession session, Consumer<LoggedIn> opened, BiConsumer<Channel, Throwable> lost) {
    NewTarget target = session.context().servers().target();
    LoginHandler login =
        new LoginHandler(
            target.credentials(),
            parameters(session, target),
            new LoginHandler.Outcome() {
              @Override
              public void loggedIn(LoggedIn channel) {
                opened.accept(channel);
              }

              @Override
              public void failed(Channel channel, Throwable cause) {
                lost.accept(channel, cause);
              }
            },
            session.context().offLoop());
    var connected =
        session.connector().connect(target.endpoint(), session.client().eventLoop(), login);
    ChannelFutureListener listener =
        done -> {
          if (!done.isSuccess()) {
            lost.accept(done.channel(), done.cause());
          }
        };
    // It may have failed already, and the caller does not know the channel yet.
    session.client().eventLoop().execute(() -> connected.addListener(listener));
    return connected.channel();
  }

  private static Map<String, String> parameters(ClientSession session, NewTarget target) {
    Map<String, String> parameters = new LinkedHashMap<>();
    session
        .startup()
        .parameters()
        .forEach(
            (name, value) -> {
              if (!OWN_PARAMETERS.contains(name) && !name.startsWith("_pq_.")) {
                parameters.put(name, value);
              }
            });
    parameters.put("database", target.database());
    return session.context().servers().marked() ? Origin.added(parameters) : parameters;
  }
}
