package dev.crossfade.sidecar;

import dev.crossfade.sidecar.config.SidecarConfig;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Where the sidecar listens, as the machine knows it. */
final class ListenAddress {
  private ListenAddress() {}

  /**
   * @param place of the setting, for the message
   * @throws StartException when its name is not known
   */
  static InetSocketAddress of(SidecarConfig.Address address, String place) throws StartException {
    InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
    if (resolved.isUnresolved()) {
      throw new StartException(
          place
              + ".host: the name "
              + address.host()
              + " is not known; give an address of this machine, such as 127.0.0.1");
    }
    return resolved;
  }

  /**
   * @param place of the setting
   */
  static StartException taken(String place, IOException failure) {
    return new StartException(
        place + ": " + failure.getMessage() + "; choose another place or port");
  }
}
