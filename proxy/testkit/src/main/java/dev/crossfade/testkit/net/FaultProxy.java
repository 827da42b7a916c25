package dev.crossfade.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on the loopback interface whose network can be broken and mended while connections
 * run.
 *
 * <p>Faults that end: {@link #cut()}, {@link #refuse()}, {@link Flow.Truncate}. Faults that slow:
 * the other kinds of {@link Flow}. {@link #heal()} ends all of them; connections that were cut stay
 * cut.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int PORT_ATTEMPTS = 20;

  private final InetSocketAddress target;
  private final Gate toServer = new Gate();
  private final Gate toClient = new Gate();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final int port;
  private @Nullable Listener listener;

  private FaultProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    ServerSocket first = listenSomewhere();
    port = first.getLocalPort();
    accept(first);
  }

  /** Starts a proxy in front of a server, which need not run yet. */
  public static FaultProxy to(String host, int port) {
    try {
      return new FaultProxy(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address the proxy listens on. */
  public String host() {
    return InetAddress.getLoopbackAddress().getHostAddress();
  }

  /** The port the proxy listens on, the same for its whole life. */
  public int port() {
    return port;
  }

  /** How many connections run through the proxy now. */
  public int connections() {
    return links.size();
  }

  /** How bytes flow from now on, both ways. */
  public void set(Flow flow) {
    toServer.set(flow);
    toClient.set(flow);
  }

  /** How bytes flow from now on, one way. */
  public void set(Direction direction, Flow flow) {
    gate(direction).set(flow);
  }

  /** Resets every connection there is; new ones are accepted as before. */
  public void cut() {
    links.forEach(Link::reset);
  }

  /** Stops listening, so that new connections are refused; those there are stay. */
  public synchronized void refuse() {
    Listener open = listener;
    listener = null;
    if (open != null) {
      open.close();
    }
  }

  /** Ends every fault: listens, and lets bytes pass. */
  public synchronized void heal() {
    set(new Flow.Pass());
    if (listener == null) {
      try {
        accept(listen(port));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Resets every connection and stops listening. */
  @Override
  public void close() {
    refuse();
    cut();
  }

  private static ServerSocket listenSomewhere() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return listen(Ports.unused());
      } catch (IOException e) {
        if (attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      socket.bind(address, BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void accept(ServerSocket socket) {
    listener = new Listener(socket, this::link);
  }

  private void link(Socket client, ServerSocket acceptedBy) {
    Socket server = new Socket();
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(target);
    } catch (IOException unreachable) {
      reset(client);
      return;
    }
    Link link = new Link(client, server, toServer, toClient, links::remove);
    links.add(link);
    link.start();
    // Whoever stops the proxy while a connection comes into being does not see it among the links.
    if (acceptedBy.isClosed()) {
      link.reset();
    }
  }

  private Gate gate(Direction direction) {
    return switch (direction) {
      case TO_SERVER -> toServer;
      case TO_CLIENT -> toClient;
    };
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyGone) {
      // That is what was wanted.
    }
  }
}
