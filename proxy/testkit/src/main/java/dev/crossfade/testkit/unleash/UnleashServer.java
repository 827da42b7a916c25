package dev.crossfade.testkit.unleash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.crossfade.testkit.net.Ports;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.Tether;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Unleash server on the loopback interface, in a process of its own, with a PostgreSQL
 * server of its own. Both die with this JVM, however this one dies.
 *
 * <p>It has the environments that Unleash begins with; the client's token is one of {@code
 * development}.
 */
public final class UnleashServer implements AutoCloseable {
  /** Who logs in to the pages. */
  public static final String USER = "admin";

  /** With what. */
  public static final String PASSWORD = "unleash4all";

  /** What clients that follow flags show. */
  public static final String CLIENT_TOKEN = "default:development.for-clients-of-this-test-server";

  static final String ADMIN_TOKEN = "*:*.for-the-admin-of-this-test-server";
  private static final String HOST = "127.0.0.1";
  private static final String DATABASE = "unleash";
  private static final Duration START_BOUND = Duration.ofSeconds(90);
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);
  private static final int LOG_MAX_CHARS = 4_000;

  private final EmbeddedServer database;
  private final Path modules;
  private final Path log;
  private final int port;
  private final UnleashAdmin admin;
  private @Nullable Process process;

  private UnleashServer(EmbeddedServer database, Path modules) {
    this.database = database;
    this.modules = modules;
    this.log = database.directory().resolve("unleash.log");
    this.port = Ports.unused();
    this.admin = new UnleashAdmin(address());
  }

  /** Why none can be started on this machine; empty when one can. */
  public static Optional<String> obstacle() {
    return Installation.obstacle();
  }

  /**
   * Starts one and returns when it serves. The first one of a user is installed first, which takes
   * a minute.
   */
  public static UnleashServer start() {
    Path modules;
    try {
      modules = Installation.directory();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    EmbeddedServer database = EmbeddedServer.start();
    try {
      database.createDatabase(DATABASE);
      UnleashServer server = new UnleashServer(database, modules);
      server.startAgain();
      return server;
    } catch (SQLException e) {
      database.close();
      throw new UncheckedIOException(new IOException("Unleash's database could not be made", e));
    } catch (RuntimeException | AssertionError e) {
      database.close();
      throw e;
    }
  }

  /** Of its pages. */
  public URI address() {
    return URI.create("http://" + HOST + ":" + port);
  }

  /** Of what clients ask. */
  public URI api() {
    return address().resolve("/api");
  }

  /** What people do in the pages. */
  public UnleashAdmin admin() {
    return admin;
  }

  /** The process id of the server that was started last. */
  public synchronized long pid() {
    return running().pid();
  }

  /** The last lines of the server's log. */
  public String log() {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - LOG_MAX_CHARS));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  /** Kills the server; its flags stay in its database. */
  public synchronized void stop() {
    Process ended = process;
    process = null;
    if (ended != null) {
      ended.destroyForcibly();
      Await.until("Unleash to end", STOP_BOUND, () -> !ended.isAlive());
    }
  }

  /** Starts it after {@link #stop()}, on the same port and database. */
  public synchronized void startAgain() {
    stop();
    try {
      Files.deleteIfExists(log);
      ProcessBuilder builder =
          new ProcessBuilder(
                  Tether.around(
                      List.of(
                          "node",
                          "--input-type=module",
                          "--eval",
                          new String(Installation.resource("unleash.mjs"), UTF_8))))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment());
      Process started = builder.start();
      process = started;
      Await.until(
          "Unleash to serve",
          START_BOUND,
          () -> log().contains("unleash ready on ") || !started.isAlive());
      if (!started.isAlive()) {
        throw new IOException("Unleash ended while starting:\n" + log());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AssertionError e) {
      stop();
      throw new AssertionError(e.getMessage() + "\n" + log(), e);
    }
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("NODE_ENV", "production"),
        Map.entry("UNLEASH_MODULES", modules.toString()),
        Map.entry("UNLEASH_DB_HOST", database.host()),
        Map.entry("UNLEASH_DB_PORT", Integer.toString(database.port())),
        Map.entry("UNLEASH_DB_USER", EmbeddedServer.SUPERUSER),
        Map.entry("UNLEASH_DB_NAME", DATABASE),
        Map.entry("UNLEASH_HOST", HOST),
        Map.entry("UNLEASH_PORT", Integer.toString(port)),
        Map.entry("UNLEASH_USER", USER),
        Map.entry("UNLEASH_PASSWORD", PASSWORD),
        Map.entry("UNLEASH_ADMIN_TOKEN", ADMIN_TOKEN),
        Map.entry("UNLEASH_CLIENT_TOKEN", CLIENT_TOKEN));
  }

  private Process running() {
    Process now = process;
    if (now == null) {
      throw new IllegalStateException("Unleash was stopped");
    }
    return now;
  }

  @Override
  public synchronized void close() {
    stop();
    admin.close();
    database.close();
  }
}
