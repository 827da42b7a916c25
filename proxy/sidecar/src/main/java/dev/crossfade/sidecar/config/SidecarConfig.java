package dev.crossfade.sidecar.config;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.secret.SecretReference;
import dev.crossfade.core.secret.SecretSource;
import dev.crossfade.net.tls.ConnectorTls;
import dev.crossfade.net.tls.DialerTls;
import dev.crossfade.net.tls.ListenerTls;
import dev.crossfade.postgresql.parity.Parity;
import dev.crossfade.postgresql.session.SessionLimits;
import dev.crossfade.postgresql.shadow.Shadow;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the sidecar is told at its start.
 *
 * @param source the file it was read from, for messages
 * @param service the service it stands in front of
 * @param instance unique within the service; where processes take each other's place, their own
 * @param controlPlane empty: it lives by {@code migrations} alone
 * @param migrations files that are in force until a control plane says otherwise
 * @param mirror the logins that carry changes from one side to the other; empty: nothing is carried
 * @param parity which writes are tried on new; empty: none
 * @param shadow which reads are compared; empty: none
 * @param commands whether clients may ask the sidecar about itself
 * @param upgrade how a next process takes this one's place; empty: none does
 * @param otel where spans are sent by OTLP over HTTP; empty: none are made
 */
public record SidecarConfig(
    String source,
    String service,
    String instance,
    Listen listen,
    Address admin,
    Server old,
    Server target,
    Optional<ControlPlane> controlPlane,
    Path stateDirectory,
    List<LocalMigration> migrations,
    Optional<MirrorLogins> mirror,
    Optional<Parity.Settings> parity,
    Optional<Shadow.Settings> shadow,
    boolean commands,
    Optional<Upgrade> upgrade,
    Optional<URI> otel,
    Limits limits) {
  public SidecarConfig {
    migrations = List.copyOf(migrations);
  }

  /**
   * @param port 0 where any free one will do
   */
  public record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ':' + port;
    }
  }

  /**
   * Whom to follow.
   *
   * @param tls empty: in clear text
   * @param token says who this sidecar is; empty: nothing does, or its certificate
   */
  public record ControlPlane(
      Address address, Optional<DialerTls.Source> tls, Optional<TokenPlace> token) {}

  /** Where a token is; it is followed as it changes. */
  public record TokenPlace(SecretReference reference, SecretSource source) {}

  /**
   * Where clients connect, and how.
   *
   * @param tls empty: requests for encryption are answered with a no
   * @param socket the directory of a UNIX socket that is named after the port
   * @param users whom the sidecar lets in; empty: clients log in to old themselves
   */
  public record Listen(
      Address address, Optional<ListenTls> tls, Optional<Path> socket, Optional<UserList> users) {}

  /**
   * Where the users are named that the sidecar itself lets in.
   *
   * @param file is followed as it changes
   * @param environment may carry secrets that the file names; never logged
   */
  public record UserList(Path file, Map<String, String> environment) {
    public UserList {
      environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /**
   * What is shown to clients that want TLS.
   *
   * @param source the files
   * @param required sessions that are not encrypted are refused
   */
  public record ListenTls(ListenerTls.Source source, boolean required) {}

  /**
   * How a server is asked for TLS.
   *
   * @param ca empty: the Java runtime's own authorities
   */
  public record ServerTls(ConnectorTls.Mode mode, Optional<Path> ca) {}

  /** A database server and the sidecar's own login there. */
  public record Server(
      Address address, ServerTls tls, String database, String user, String password) {
    @Override
    public String toString() {
      return user + '@' + address + '/' + database;
    }
  }

  /** Who carries changes: another user than the one that reads on behalf of clients. */
  public record MirrorLogins(Login old, Login target) {}

  /** A user of a database. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  /**
   * How a next process takes this one's place.
   *
   * @param socket where the running process waits for it
   * @param linger how long clients may stay with the process that has handed over
   */
  public record Upgrade(Path socket, Duration linger) {}

  /** A migration that needs no control plane. */
  public record LocalMigration(
      Path file, Stage stage, ReadShare reads, Stickiness stickiness, Consistency consistency) {}

  /**
   * @param sessions admitted at once
   * @param loops event loops
   * @param plans kept
   * @param controlTimeout how long clients wait at the start to hear what the control plane says
   * @param drain how long sessions may take to end their transactions at SIGTERM
   */
  public record Limits(
      int sessions,
      int loops,
      int plans,
      Duration connectTimeout,
      Duration controlTimeout,
      Duration drain,
      SessionLimits session) {}
}
