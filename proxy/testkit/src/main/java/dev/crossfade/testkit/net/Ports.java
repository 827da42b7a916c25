package dev.crossfade.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that must come back on the same port after they were down. */
public final class Ports {
  /**
   * Below the range from which Linux takes the ports of outgoing connections: while a server is
   * down, no client may be given its port by accident.
   */
  private static final int LOWEST = 10_240;

  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 1000;

  private Ports() {}

  /**
   * A port of the loopback interface on which nobody listens now; somebody else may take it before
   * the caller does.
   */
  public static int unused() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next candidate may be free.
      }
    }
    throw new IllegalStateException("no free port between " + LOWEST + " and " + HIGHEST);
  }
}
