package dev.crossfade.sidecar;

import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.net.tls.TlsException;
import dev.crossfade.postgresql.session.EncryptionPolicy;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.ListenTls;
import java.util.Optional;

/**
 * How clients and servers are spoken to, with all certificates read.
 *
 * @param clients what TCP clients may ask for
 */
record Transport(EncryptionPolicy clients) {
  /**
   * Reads the files that the configuration names. Blocks.
   *
   * @throws StartException when one of them cannot be used
   */
  static Transport read(SidecarConfig config) throws StartException {
    Optional<ListenTls> listen = config.listen().tls();
    if (listen.isEmpty()) {
      return new Transport(EncryptionPolicy.NONE);
    }
    try {
      return new Transport(
          new EncryptionPolicy(ListenerTls.load(listen.get().source()), listen.get().required()));
    } catch (TlsException e) {
      throw new StartException(config.source() + " listen.tls: " + e.file() + ' ' + e.reason());
    }
  }

  /** Takes up certificates that have changed. Blocks: never on an event loop. */
  void refresh() {
    ListenerTls tls = clients.tls();
    if (tls != null) {
      tls.refresh();
    }
  }
}
