package dev.crossfade.net.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where a datastore listens. The name is looked up off the event loops: once by {@link #refresh}
 * before the first use, and again whenever the owner asks, so that a loop never waits for a name
 * server.
 */
public final class Endpoint {
  private final String host;
  private final int port;
  private final @Nullable Opening opening;
  private volatile InetSocketAddress address;

  public Endpoint(String host, int port) {
    this(host, port, null);
  }

  /**
   * @param opening what comes first on each channel; null: nothing does
   */
  public Endpoint(String host, int port, @Nullable Opening opening) {
    this.host = host;
    this.port = port;
    this.opening = opening;
    this.address = InetSocketAddress.createUnresolved(host, port);
  }

  /**
   * Looks the name up again. Blocks: never on an event loop.
   *
   * @return whether it is known; where it is not, the last known address stays
   */
  public boolean refresh() {
    try {
      address = new InetSocketAddress(InetAddress.getByName(host), port);
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  @Nullable Opening opening() {
    return opening;
  }

  @Override
  public String toString() {
    return host + ':' + port;
  }
}
