package dev.crossfade.sidecar;

import dev.crossfade.net.tls.ConnectorTls;
import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.net.tls.TlsException;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.TlsOpening;
import dev.crossfade.postgresql.session.EncryptionPolicy;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.ListenTls;
import dev.crossfade.sidecar.config.SidecarConfig.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How clients and servers are spoken to, with all certificates and users read.
 *
 * @param clients what TCP clients may ask for
 * @param users whom the sidecar lets in; null: clients log in to old themselves
 * @param control how the control plane is spoken to
 */
record Transport(
    EncryptionPolicy clients,
    @Nullable FollowedUsers users,
    Endpoint old,
    Endpoint target,
    ControlAccess control) {
  /**
   * Reads the files that the configuration names. Blocks.
   *
   * @param offLoop for the arithmetic of handshakes
   * @throws StartException with every one that cannot be used
   */
  static Transport read(SidecarConfig config, Executor offLoop) throws StartException {
    Reader reader = new Reader(config.source(), offLoop);
    EncryptionPolicy clients = reader.policy(config.listen().tls().orElse(null));
    Endpoint old = reader.endpoint("old", config.old());
    Endpoint target = reader.endpoint("new", config.target());
    FollowedUsers users = FollowedUsers.load(config, reader.problems);
    ControlAccess control = ControlAccess.load(config, reader.problems);
    StartException.throwIfAny(reader.problems);
    return new Transport(clients, users, old, target, control);
  }

  /** Takes up certificates and users that have changed. Blocks: never on an event loop. */
  void refresh() {
    ListenerTls tls = clients.tls();
    if (tls != null) {
      tls.refresh();
    }
    if (users != null) {
      users.refresh();
    }
    control.refresh();
  }

  /** Goes on after a problem, so that all are told of together. */
  private static final class Reader {
    private final String source;
    private final Executor offLoop;
    private final List<String> problems = new ArrayList<>();

    Reader(String source, Executor offLoop) {
      this.source = source;
      this.offLoop = offLoop;
    }

    EncryptionPolicy policy(@Nullable ListenTls tls) {
      if (tls == null) {
        return EncryptionPolicy.NONE;
      }
      try {
        return new EncryptionPolicy(ListenerTls.load(tls.source()), tls.required());
      } catch (TlsException e) {
        report("listen", e);
        return EncryptionPolicy.NONE;
      }
    }

    Endpoint endpoint(String side, Server server) {
      String host = server.address().host();
      int port = server.address().port();
      ConnectorTls.Mode mode = server.tls().mode();
      if (mode == ConnectorTls.Mode.DISABLE) {
        return new Endpoint(host, port);
      }
      try {
        ConnectorTls tls = ConnectorTls.load(mode, server.tls().ca(), offLoop);
        return new Endpoint(host, port, new TlsOpening(tls, host, port));
      } catch (TlsException e) {
        report(side, e);
        return new Endpoint(host, port);
      }
    }

    private void report(String key, TlsException problem) {
      problems.add(source + ' ' + key + ".tls: " + problem.file() + ' ' + problem.reason());
    }
  }
}
