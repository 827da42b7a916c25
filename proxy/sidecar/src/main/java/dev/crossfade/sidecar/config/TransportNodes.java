package dev.crossfade.sidecar.config;

import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.postgresql.session.EncryptionPolicy;
import dev.crossfade.sidecar.config.SidecarConfig.Address;
import dev.crossfade.sidecar.config.SidecarConfig.Listen;
import dev.crossfade.sidecar.config.SidecarConfig.ListenTls;
import dev.crossfade.sql.yaml.YamlNode;
import java.nio.file.Path;
import java.util.Optional;

/** The parts of the file that say where and how bytes travel. */
final class TransportNodes {
  static final int PORT_MAX = 65_535;

  private TransportNodes() {}

  static Address address(YamlNode node, String host, int leastPort) {
    return new Address(
        node.optionalString("host", host),
        node.isPresent() ? node.requiredInteger("port", leastPort, PORT_MAX) : 0);
  }

  /**
   * @param folder what relative paths are relative to
   */
  static Listen listen(YamlNode node, Path folder) {
    node.allowKeys("host", "port", "tls");
    YamlNode tls = node.child("tls");
    return new Listen(
        address(node, "127.0.0.1", 0),
        tls.isPresent() ? Optional.of(listenTls(tls, folder)) : Optional.empty());
  }

  private static ListenTls listenTls(YamlNode node, Path folder) {
    node.allowKeys("certificate", "key", "clientCa", "required");
    ListenerTls.Source source =
        new ListenerTls.Source(
            folder.resolve(node.requiredString("certificate")),
            folder.resolve(node.requiredString("key")),
            node.optionalString("clientCa").map(folder::resolve),
            EncryptionPolicy.PROTOCOL);
    return new ListenTls(source, node.bool("required", false));
  }
}
