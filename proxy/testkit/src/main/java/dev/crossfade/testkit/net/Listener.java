package dev.crossfade.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.BiConsumer;

/**
 * A listening socket and the thread that accepts on it; each connection gets a thread of its own.
 */
final class Listener implements AutoCloseable {
  private final ServerSocket socket;
  private final BiConsumer<Socket, ServerSocket> onConnection;
  private final Thread acceptor;

  Listener(ServerSocket socket, BiConsumer<Socket, ServerSocket> onConnection) {
    this.socket = socket;
    this.onConnection = onConnection;
    acceptor =
        Thread.ofVirtual().name("listener on port " + socket.getLocalPort()).start(this::acceptAll);
  }

  private void acceptAll() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> onConnection.accept(client, socket));
      } catch (IOException closed) {
        // Either the loop ends, or this one client was gone before it was accepted.
      }
    }
  }

  /**
   * Returns when the kernel refuses connections, which is when the accepting thread has let go of
   * the socket.
   */
  @Override
  public void close() {
    try {
      socket.close();
      acceptor.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
