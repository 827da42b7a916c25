package dev.crossfade.testkit.net;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through the proxy: two sockets and a thread for each direction. */
final class Link {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Socket client;
  private final Socket server;
  private final Gate toServer;
  private final Gate toClient;
  private final Consumer<Link> onEnd;
  private final AtomicInteger pumps = new AtomicInteger(2);
  private volatile boolean ended;

  Link(Socket client, Socket server, Gate toServer, Gate toClient, Consumer<Link> onEnd) {
    this.client = client;
    this.server = server;
    this.toServer = toServer;
    this.toClient = toClient;
    this.onEnd = onEnd;
  }

  void start() {
    Thread.ofVirtual().start(() -> pump(client, server, toServer));
    Thread.ofVirtual().start(() -> pump(server, client, toClient));
  }

  /** Ends both sides with a reset, in the middle of whatever passes. */
  void reset() {
    end(true);
  }

  private void end(boolean reset) {
    ended = true;
    for (Socket socket : new Socket[] {client, server}) {
      try {
        if (reset) {
          socket.setSoLinger(true, 0);
        }
        socket.close();
      } catch (IOException alreadyGone) {
        // That is what was wanted.
      }
    }
    toServer.wake();
    toClient.wake();
  }

  private void pump(Socket from, Socket to, Gate gate) {
    try {
      Passage passage = new Passage(to.getOutputStream(), gate, () -> ended);
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = from.getInputStream().read(buffer);
          read >= 0;
          read = from.getInputStream().read(buffer)) {
        if (!passage.pass(buffer, read)) {
          end(false);
          return;
        }
      }
      passage.awaitOpen();
      to.shutdownOutput();
    } catch (IOException broken) {
      // A reset on one side is a reset on the other; after an end of our own making it changes
      // nothing.
      if (!ended) {
        end(true);
      }
    } finally {
      if (pumps.decrementAndGet() == 0) {
        end(false);
        onEnd.accept(this);
      }
    }
  }
}
