package dev.crossfade.server.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of one control plane, on a free loopback port, with a password.
 *
 * <p>The server is a child of a small shell that holds a pipe to this process. When the pipe
 * closes, by {@link #close} or because this process was killed in any way, the shell shuts the
 * server down. Should even the shell be killed, the next start on the same directory finds the
 * orphan through postmaster.pid and stops it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String USER = "crossfade";
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(20);
  private static final Duration PROBE_EVERY = Duration.ofMillis(50);
  private static final int PORT_ATTEMPTS = 3;
  private static final long LOG_MAX_BYTES = 4 << 20;

  private static final String KEEPER_VARIABLE = "CROSSFADE_KEEPER";

  /**
   * Starts "$@" without the pipe, and sends it SIGINT (fast shutdown) when the pipe closes. The
   * pipe moves to descriptor 3 because a shell gives background commands an empty standard input.
   * The signals of a terminal or a supervisor that are meant for this process must not end the
   * keeper before the server.
   */
  private static final String KEEPER =
      """
      exec 3<&0 </dev/null
      trap '' INT TERM HUP
      "$@" 3<&- &
      server=$!
      ( read -r line <&3; kill -INT $server ) 2>/dev/null &
      watcher=$!
      exec 3<&-
      wait $server
      code=$?
      kill -KILL $watcher 2>/dev/null
      exit $code
      """;

  /**
   * Runs the keeper in a session of its own where the system can, so that no signal to this
   * process's group hits it.
   */
  private static final String LAUNCHER =
      """
      command -v setsid >/dev/null 2>&1 && exec setsid sh -c "$CROSSFADE_KEEPER" crossfade-postgresql "$@"
      exec sh -c "$CROSSFADE_KEEPER" crossfade-postgresql "$@"
      """;

  private final DataDirectory directory;
  private final Process keeper;
  private final ConnectionFacts facts;

  /**
   * How to connect.
   *
   * @param password never logged
   */
  public record ConnectionFacts(String jdbcUrl, String user, String password) {
    @Override
    public String toString() {
      return "ConnectionFacts[jdbcUrl=" + jdbcUrl + ", user=" + user + "]";
    }
  }

  private EmbeddedPostgres(DataDirectory directory, Process keeper, ConnectionFacts facts) {
    this.directory = directory;
    this.keeper = keeper;
    this.facts = facts;
  }

  /**
   * Starts the server on the directory, making the database at the first time, and waits until it
   * answers.
   *
   * @throws EmbeddedPostgresException when the directory is in use or not writable, or the server
   *     does not start
   */
  public static EmbeddedPostgres start(Path dataDirectory) throws EmbeddedPostgresException {
    DataDirectory directory = DataDirectory.open(dataDirectory);
    try {
      return startLocked(directory);
    } catch (IOException e) {
      closeQuietly(directory);
      throw new EmbeddedPostgresException(
          "the embedded PostgreSQL in " + directory.root() + " cannot be started: " + e, e);
    } catch (InterruptedException e) {
      closeQuietly(directory);
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("interrupted while the embedded PostgreSQL started", e);
    } catch (EmbeddedPostgresException | RuntimeException e) {
      closeQuietly(directory);
      throw e;
    }
  }

  private static EmbeddedPostgres startLocked(DataDirectory directory)
      throws IOException, InterruptedException, EmbeddedPostgresException {
    PostgresPrograms programs =
        new PostgresPrograms(PostgresBinaries.unpack(directory.root()), directory);
    programs.stopOrphan();
    String password = directory.password();
    if (!Files.exists(directory.database())) {
      programs.makeDatabase(USER);
    }
    boundLog(directory.log());
    EmbeddedPostgresException last = null;
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      int port = freePort();
      ConnectionFacts facts =
          new ConnectionFacts("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, password);
      Process keeper = launch(programs.serverCommand(port), directory.log());
      EmbeddedPostgres server = new EmbeddedPostgres(directory, keeper, facts);
      try {
        server.awaitAnswer();
        LOG.atInfo()
            .addKeyValue("dataDir", directory.root())
            .addKeyValue("port", port)
            .log("Embedded PostgreSQL runs");
        return server;
      } catch (EmbeddedPostgresException e) {
        server.stopServer();
        last = e;
      }
    }
    throw last == null
        ? new EmbeddedPostgresException("the embedded PostgreSQL was never tried")
        : last;
  }

  private static Process launch(List<String> serverCommand, Path log) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", LAUNCHER, "crossfade-postgresql"));
    command.addAll(serverCommand);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put(KEEPER_VARIABLE, KEEPER);
    return builder.start();
  }

  private void awaitAnswer() throws InterruptedException, EmbeddedPostgresException {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    String lastError = "";
    while (System.nanoTime() < deadline) {
      if (keeper.waitFor(PROBE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new EmbeddedPostgresException(
            "the embedded PostgreSQL ended at its start: " + lastLogLine());
      }
      try (Connection connection =
          DriverManager.getConnection(facts.jdbcUrl(), facts.user(), facts.password())) {
        if (connection.isValid(1)) {
          return;
        }
      } catch (SQLException e) {
        lastError = e.getMessage();
      }
    }
    throw new EmbeddedPostgresException(
        "the embedded PostgreSQL did not answer within "
            + START_MAX.toSeconds()
            + " s: "
            + lastError);
  }

  private String lastLogLine() {
    try {
      List<String> lines = Files.readAllLines(directory.log(), StandardCharsets.UTF_8);
      String last = lines.stream().filter(line -> line.contains("FATAL")).reduce("", (a, b) -> b);
      return last.isEmpty() ? "see " + directory.log() : last;
    } catch (IOException e) {
      return "see " + directory.log();
    }
  }

  public ConnectionFacts facts() {
    return facts;
  }

  /** Shuts the server down and waits for it, bounded; then lets the directory go. */
  @Override
  public void close() {
    stopServer();
    closeQuietly(directory);
  }

  private void stopServer() {
    try {
      keeper.getOutputStream().close();
      if (!keeper.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("The embedded PostgreSQL did not stop in time and is killed");
        keeper.descendants().forEach(ProcessHandle::destroyForcibly);
        keeper.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("The keeper of the embedded PostgreSQL was gone already");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void boundLog(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LOG_MAX_BYTES) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void closeQuietly(DataDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("Closing the lock of the data directory failed");
    }
  }
}
