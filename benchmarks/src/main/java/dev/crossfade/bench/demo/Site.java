package dev.crossfade.bench.demo;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.data.NewSchema;
import dev.crossfade.bench.data.OldSchema;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The two databases, filled, and the users that come to them. Everything is gone after {@link
 * #close()}.
 */
public final class Site implements AutoCloseable {
  /** The database's name on both servers. */
  public static final String DATABASE = "shop";

  /** The service's user on old, and the sidecar's own on both; each must prove its password. */
  public static final Login APP = new Login("app", "app's password");

  public static final Login SIDECAR = new Login("crossfade", "the sidecar's password");

  private static final int USUAL_CONNECTIONS = 400;

  private static final String[] LOAD_SETTINGS = {
    "wal_level", "minimal", "max_wal_senders", "0", "shared_buffers", "128MB"
  };

  private final Scratch scratch;
  private final EmbeddedServer old;
  private final EmbeddedServer target;

  /** A user and the password it has to prove. */
  public record Login(String user, String password) {}

  private Site(Scratch scratch, EmbeddedServer old, EmbeddedServer target) {
    this.scratch = scratch;
    this.old = old;
    this.target = target;
  }

  /** Starts both servers at once, with empty databases. */
  public static Site start() {
    return start(USUAL_CONNECTIONS);
  }

  /** The same, for as many connections to each of them. */
  public static Site start(int maxConnections) {
    Scratch scratch = Scratch.create("crossfade-demo-");
    CompletableFuture<EmbeddedServer> old =
        CompletableFuture.supplyAsync(() -> server(maxConnections));
    CompletableFuture<EmbeddedServer> target =
        CompletableFuture.supplyAsync(() -> server(maxConnections));
    try {
      return new Site(scratch, old.join(), target.join());
    } catch (RuntimeException e) {
      old.thenAccept(EmbeddedServer::close);
      target.thenAccept(EmbeddedServer::close);
      scratch.close();
      throw e;
    }
  }

  private static EmbeddedServer server(int maxConnections) {
    EmbeddedServer.Builder builder =
        EmbeddedServer.builder()
            .setting("max_connections", Integer.toString(maxConnections))
            .role(APP.user(), APP.password())
            .role(SIDECAR.user(), SIDECAR.password());
    for (int i = 0; i < LOAD_SETTINGS.length; i += 2) {
      builder.setting(LOAD_SETTINGS[i], LOAD_SETTINGS[i + 1]);
    }
    return builder.start();
  }

  /** Fills old from the data set and new from old, through the lens. */
  public void fill(DataSet data, LensFile lens) throws SQLException {
    old.createDatabase(DATABASE);
    target.createDatabase(DATABASE);
    try (Connection source = connectToOld();
        Connection sink = connectToNew()) {
      OldSchema.load(source, data);
      NewSchema.fill(sink, source, lens);
    }
    old.executeIn(
        DATABASE,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO crossfade");
    target.executeIn(DATABASE, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO crossfade");
  }

  /** Makes a user on both sides who may read everything and needs no password. */
  public void admitReader(String user) throws SQLException {
    for (EmbeddedServer server : List.of(old, target)) {
      server.executeIn(
          DATABASE,
          "CREATE ROLE " + user + " LOGIN",
          "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + user);
    }
  }

  public EmbeddedServer old() {
    return old;
  }

  public EmbeddedServer target() {
    return target;
  }

  /** For configuration and state of whatever is started beside the databases. */
  public Scratch scratch() {
    return scratch;
  }

  public Connection connectToOld() throws SQLException {
    return old.connect(DATABASE);
  }

  public Connection connectToNew() throws SQLException {
    return target.connect(DATABASE);
  }

  /** A JDBC URL of the service's user, for old itself or for whatever stands before it. */
  public static String appUrl(String host, int port) {
    String password = APP.password().replace("'", "%27").replace(" ", "%20");
    return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
        .formatted(host, port, DATABASE, APP.user(), password);
  }

  @Override
  public void close() {
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(old::close);
    target.close();
    stopped.join();
    scratch.close();
  }
}
