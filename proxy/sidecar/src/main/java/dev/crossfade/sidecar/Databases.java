package dev.crossfade.sidecar;

import dev.crossfade.core.migration.Side;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.session.NewTarget;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.Server;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Both databases, as the sidecar itself reaches them. */
final class Databases {
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(10);

  private final SidecarConfig config;
  private final Transport transport;
  private final EventLoops loops;
  private final Executor blocking;
  private final Connector connector;

  Databases(SidecarConfig config, Transport transport, EventLoops loops, Executor blocking) {
    this.config = config;
    this.transport = transport;
    this.loops = loops;
    this.blocking = blocking;
    this.connector = new Connector(loops, config.limits().connectTimeout());
  }

  Connector connector() {
    return connector;
  }

  /** Where sessions log in on new. */
  NewTarget target() {
    return new NewTarget(
        transport.target(), config.target().database(), credentials(config.target()));
  }

  /** One more connection for questions of the sidecar's own. */
  MetadataConnection connect(Side side) {
    return connect(side, METADATA_TIMEOUT);
  }

  MetadataConnection connect(Side side, Duration timeout) {
    return new MetadataConnection(
        connector,
        loops.group().next(),
        blocking,
        new MetadataConnection.Target(
            endpoint(side), server(side).database(), credentials(server(side))),
        timeout);
  }

  private Endpoint endpoint(Side side) {
    return side == Side.OLD ? transport.old() : transport.target();
  }

  private Server server(Side side) {
    return side == Side.OLD ? config.old() : config.target();
  }

  private static Credentials credentials(Server server) {
    return new Credentials(server.user(), server.password());
  }

  /** As the configuration calls it. */
  private static String name(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds both hosts.
   *
   * @throws StartException that names the one that is not known
   */
  void lookUp() throws StartException {
    for (Side side : Side.values()) {
      if (!endpoint(side).refresh()) {
        throw new StartException(
            config.source()
                + ' '
                + name(side)
                + ".host: the name of "
                + endpoint(side)
                + " is not known; check its spelling or the DNS");
      }
    }
  }

  void lookUpAgain() {
    transport.old().refresh();
    transport.target().refresh();
  }

  /** The same before {@link #lookUp}. */
  Optional<String> firstProblem(MetadataConnection connection, Side side) {
    endpoint(side).refresh();
    return problem(connection, side);
  }

  /** Why a database cannot be used; empty when it can. */
  private Optional<String> problem(MetadataConnection connection, Side side) {
    try {
      connection.query("SELECT 1");
      return Optional.empty();
    } catch (MetadataException e) {
      return Optional.of(
          config.source()
              + ' '
              + name(side)
              + ": the database "
              + server(side)
              + " cannot be used: "
              + e.reason()
              + "; check host, port, database, user and password");
    }
  }
}
