package dev.crossfade.sidecar.control;

import java.nio.file.Path;

/**
 * Where the control plane is and who asks.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param stateDirectory where the last good snapshot is kept; made when absent, owned by this
 *     sidecar alone
 */
public record ControlSettings(
    String host,
    int port,
    SidecarIdentity identity,
    Path stateDirectory,
    ControlTiming timing,
    ControlLine line) {
  private static final int PORT_MAX = 65_535;

  /** In clear text, as nobody. */
  public ControlSettings(
      String host, int port, SidecarIdentity identity, Path stateDirectory, ControlTiming timing) {
    this(host, port, identity, stateDirectory, timing, ControlLine.PLAIN);
  }

  public ControlSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the control plane's host is empty");
    }
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          "the control plane's port is 1 to " + PORT_MAX + ", not " + port);
    }
  }
}
