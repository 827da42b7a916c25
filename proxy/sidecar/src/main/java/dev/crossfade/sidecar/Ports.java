package dev.crossfade.sidecar;

import dev.crossfade.net.admin.AdminServer;
import dev.crossfade.net.listen.Listener;
import dev.crossfade.net.listen.SocketListener;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.postgresql.session.EncryptionPolicy;
import dev.crossfade.postgresql.session.ProxyContext;
import dev.crossfade.postgresql.session.StartupHandler;
import dev.crossfade.sidecar.config.SidecarConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the sidecar listens: for clients, who wait until they are let in, and for its admins. */
final class Ports {
  private final Listener listener;
  private final @Nullable SocketListener socket;
  private final AdminServer admin;

  private Ports(Listener listener, @Nullable SocketListener socket, AdminServer admin) {
    this.listener = listener;
    this.socket = socket;
    this.admin = admin;
  }

  /**
   * What the admin port tells.
   *
   * @param ready whether clients are let in
   * @param notice what is to be told beside that; empty for nothing
   */
  record Told(BooleanSupplier ready, Supplier<String> notice, Supplier<String> metrics) {}

  /**
   * Opens all of them, or none.
   *
   * @throws StartException when one is taken
   */
  static Ports open(
      SidecarConfig config, EventLoops loops, ProxyContext context, Transport transport, Told told)
      throws StartException {
    InetSocketAddress adminAddress = ListenAddress.of(config.admin(), config.source() + " admin");
    InetSocketAddress address =
        ListenAddress.of(config.listen().address(), config.source() + " listen");
    Listener listener = null;
    SocketListener socket = null;
    try {
      listener =
          Listener.bind(
              loops,
              address,
              () -> new StartupHandler(context, transport.clients(), transport.users()));
      Optional<Path> directory = config.listen().socket();
      if (directory.isPresent()) {
        String name = ".s.PGSQL." + listener.address().getPort();
        socket =
            SocketListener.bind(
                loops,
                directory.get(),
                name,
                () -> new StartupHandler(context, EncryptionPolicy.NONE, transport.users()));
      }
    } catch (IOException e) {
      close(listener, socket);
      throw ListenAddress.taken(config.source() + " listen", e);
    }
    try {
      return new Ports(
          listener,
          socket,
          AdminServer.start(adminAddress, told.ready(), told.notice(), told.metrics()));
    } catch (IOException e) {
      close(listener, socket);
      throw ListenAddress.taken(config.source() + " admin", e);
    }
  }

  InetSocketAddress address() {
    return listener.address();
  }

  InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** Lets clients in. */
  void accept() {
    listener.accept();
    if (socket != null) {
      socket.accept();
    }
  }

  /** No client is let in any more. */
  void stopListening() {
    close(listener, socket);
  }

  void closeAdmin() {
    admin.close();
  }

  private static void close(@Nullable Listener listener, @Nullable SocketListener socket) {
    if (listener != null) {
      listener.close();
    }
    if (socket != null) {
      socket.close();
    }
  }
}
