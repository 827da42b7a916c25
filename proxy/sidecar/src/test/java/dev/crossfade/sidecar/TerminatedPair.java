package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * A {@link Pair} reached by TLS, and users who are let in by the sidecar: the clients' passwords
 * are known to none of the databases.
 */
final class TerminatedPair implements AutoCloseable {
  static final String PASSWORD = "client's \u00fcn secret";
  static final String LISTEN = "socket: run, authentication: {mode: terminated, users: users.yaml}";

  private static final Authority AUTHORITY = Authority.create("root");

  final SSLContext tls = AUTHORITY.clientContext(Optional.empty());
  final Pair pair;
  final String verifier;

  TerminatedPair() throws Exception {
    pair =
        new Pair(
            EmbeddedServer.builder()
                .role("reporting", "r secret")
                .tls(AUTHORITY.issue("server", "127.0.0.1")));
    AUTHORITY.issue("sidecar", "127.0.0.1").write(pair.folder, "sidecar");
    Files.createDirectory(pair.folder.resolve("run"));
    Files.writeString(pair.folder.resolve("root.crt"), AUTHORITY.pem());
    Files.writeString(pair.folder.resolve("reporting.secret"), "r secret\n");
    pair.old.execute("CREATE ROLE trusted LOGIN");
    verifier = verifier(PASSWORD);
    users();
  }

  /** As PostgreSQL itself makes it. */
  String verifier(String password) throws SQLException {
    String literal = "'" + password.replace("'", "''") + "'";
    pair.old.execute("DROP ROLE IF EXISTS maker", "CREATE ROLE maker PASSWORD " + literal);
    try (Connection connection = pair.old.connect("postgres");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT rolpassword FROM pg_authid WHERE rolname = 'maker'")) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Writes the file of users. */
  void users(String... more) throws IOException {
    String own = System.getProperty("user.name");
    Files.writeString(
        pair.folder.resolve("users.yaml"),
        """
        users:
          - {name: shop, verifier: "%1$s", old: {user: app, password: "app secret"}}
          - {name: app, verifier: "%1$s"}
          - {name: trusted, verifier: "%1$s"}
          - {name: reports, verifier: "%1$s", old: {user: reporting, passwordFile: reporting.secret}}
          - {name: broken, verifier: "%1$s", old: {user: reporting, password: wrong}}
          - {name: local, peer: %2$s, old: {user: app}}
          - {name: stranger, peer: 65533, verifier: "%1$s", old: {user: app}}
        %3$s
        """
            .formatted(verifier, own, String.join("\n", more)));
  }

  /**
   * @param listen more of the listener, from the comma on
   */
  Sidecar sidecar(String listen, String more) throws Exception {
    String config =
        pair.config("RAMP", "100%", "random", more)
            .replace("\"}\nnew", "\", tls: {mode: verify-full, ca: root.crt}}\nnew")
            .replace("\"}\nstate", "\", tls: {mode: verify-full, ca: root.crt}}\nstate")
            .replaceFirst("port: 0}", "port: 0, " + LISTEN + listen + "}");
    return Sidecar.start(
        ConfigFile.parse(config, pair.folder.resolve("sidecar.yaml").toString(), Map.of()));
  }

  /** With TLS. */
  Sidecar sidecar() throws Exception {
    return sidecar(", tls: {certificate: sidecar.crt, key: sidecar.key}", "");
  }

  static WireClient connect(Sidecar sidecar) throws IOException {
    return WireClient.connect("127.0.0.1", sidecar.address().getPort());
  }

  /** By TLS; handshakes with the same sidecar take up earlier ones. */
  WireClient secure(Sidecar sidecar) throws IOException {
    WireClient client = connect(sidecar).send(Messages.sslRequest());
    assertThat(client.readByte()).isEqualTo('S');
    return client.startTls(tls);
  }

  /** By the driver. */
  static Connection jdbc(Sidecar sidecar, String user, String password, String... more)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    for (int i = 0; i < more.length; i += 2) {
      properties.setProperty(more[i], more[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + sidecar.address().getPort() + "/shop", properties);
  }

  /** What psql prints, both streams in one. */
  String psql(String connection, String password, String... commands)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Tools.require("psql"), "-X", "-A", "-t", "-d", connection)
            .redirectErrorStream(true);
    for (String command : commands) {
      builder.command().addAll(List.of("-c", command));
    }
    builder.environment().put("PGPASSWORD", password);
    builder.environment().put("PGSSLROOTCERT", pair.folder.resolve("root.crt").toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  /** psql's way to the port. */
  static String port(Sidecar sidecar, String user, String more) {
    return "host=127.0.0.1 port=%d user=%s dbname=shop %s"
        .formatted(sidecar.address().getPort(), user, more);
  }

  @Override
  public void close() throws IOException {
    pair.close();
  }
}
