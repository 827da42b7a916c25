package dev.crossfade.sidecar.config;

import dev.crossfade.net.tls.ConnectorTls;
import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.postgresql.session.EncryptionPolicy;
import dev.crossfade.sidecar.config.SidecarConfig.Address;
import dev.crossfade.sidecar.config.SidecarConfig.Listen;
import dev.crossfade.sidecar.config.SidecarConfig.ListenTls;
import dev.crossfade.sidecar.config.SidecarConfig.ServerTls;
import dev.crossfade.sidecar.config.SidecarConfig.UserList;
import dev.crossfade.sql.yaml.YamlNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** The parts of the file that say where and how bytes travel. */
final class TransportNodes {
  static final int PORT_MAX = 65_535;

  private static final String PASS_THROUGH = "pass-through";
  private static final String TERMINATED = "terminated";

  private static final SequencedMap<String, ConnectorTls.Mode> MODES = modes();

  private TransportNodes() {}

  /** As libpq names them. */
  private static SequencedMap<String, ConnectorTls.Mode> modes() {
    SequencedMap<String, ConnectorTls.Mode> modes = new LinkedHashMap<>();
    for (ConnectorTls.Mode mode : ConnectorTls.Mode.values()) {
      modes.put(mode.name().toLowerCase(Locale.ROOT).replace('_', '-'), mode);
    }
    return modes;
  }

  static Address address(YamlNode node, String host, int leastPort) {
    return new Address(
        node.optionalString("host", host),
        node.isPresent() ? node.requiredInteger("port", leastPort, PORT_MAX) : 0);
  }

  /**
   * @param folder what relative paths are relative to
   * @param environment may carry secrets
   */
  static Listen listen(YamlNode node, Path folder, Map<String, String> environment) {
    node.allowKeys("host", "port", "tls", "socket", "authentication");
    YamlNode tls = node.child("tls");
    return new Listen(
        address(node, "127.0.0.1", 0),
        tls.isPresent() ? Optional.of(listenTls(tls, folder)) : Optional.empty(),
        node.optionalString("socket").map(folder::resolve),
        users(node.child("authentication"), folder).map(file -> new UserList(file, environment)));
  }

  /** The file of users, where the sidecar lets clients in itself. */
  private static Optional<Path> users(YamlNode node, Path folder) {
    node.allowKeys("mode", "users");
    if (node.oneOf("mode", Set.of(PASS_THROUGH, TERMINATED), PASS_THROUGH).equals(TERMINATED)) {
      return Optional.of(folder.resolve(node.requiredString("users")));
    }
    YamlNode users = node.child("users");
    if (users.isPresent() && node.optionalString("mode", PASS_THROUGH).equals(PASS_THROUGH)) {
      users.report("is not looked at with mode pass-through; set mode: terminated");
    }
    return Optional.empty();
  }

  private static ListenTls listenTls(YamlNode node, Path folder) {
    node.allowKeys("certificate", "key", "clientCa", "required");
    ListenerTls.Source source =
        new ListenerTls.Source(
            folder.resolve(node.requiredString("certificate")),
            folder.resolve(node.requiredString("key")),
            node.optionalString("clientCa").map(folder::resolve),
            ListenerTls.ClientCertificate.DEMANDED,
            EncryptionPolicy.PROTOCOL);
    return new ListenTls(source, node.bool("required", false));
  }

  static ServerTls serverTls(YamlNode node, Path folder) {
    node.allowKeys("mode", "ca");
    Optional<Path> ca = node.optionalString("ca").map(folder::resolve);
    String word = node.isPresent() ? node.requiredString("mode") : "disable";
    ConnectorTls.Mode mode = MODES.get(word);
    if (mode == null) {
      if (!word.isEmpty()) {
        node.child("mode")
            .report("\"" + word + "\" is none of " + String.join(", ", MODES.keySet()));
      }
      return new ServerTls(ConnectorTls.Mode.DISABLE, ca);
    }
    if (ca.isPresent() && mode.compareTo(ConnectorTls.Mode.VERIFY_CA) < 0) {
      node.child("ca").report("is not looked at with mode " + word + "; set mode: verify-full");
    }
    if (ca.isEmpty() && mode == ConnectorTls.Mode.VERIFY_CA) {
      node.report("ca is missing: verify-ca needs the authority's certificate; name its file");
    }
    return new ServerTls(mode, ca);
  }
}
