package dev.crossfade.testkit.postgres;

import dev.crossfade.testkit.net.Ports;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** One data directory and the processes that serve it. */
final class Instance implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int PORT_ATTEMPTS = 5;

  private static final int LOG_LINES = 40;

  private final Path directory;
  private final Keeper keeper;
  private volatile int port;
  private volatile long pid;

  /**
   * @param binaries the directory that holds {@code bin}
   */
  Instance(Path directory, boolean remove, Path binaries) throws IOException {
    this.directory = directory.toAbsolutePath();
    keeper = new Keeper(this.directory, remove, binaries.resolve("bin"));
  }

  int port() {
    return port;
  }

  long pid() {
    return pid;
  }

  Path directory() {
    return directory;
  }

  /** Creates the data unless it is there, and writes the configuration. */
  void initialise(Map<String, String> settings, List<Role> roles) throws IOException {
    if (!Files.exists(data().resolve("PG_VERSION"))) {
      try {
        keeper.initialise();
      } catch (IOException e) {
        throw new IOException(e.getMessage() + "\n" + log(), e);
      }
    }
    List<String> hba = new ArrayList<>();
    roles.forEach(role -> hba.add(role.hbaLine()));
    hba.add("host all,replication all all trust");
    Files.write(data().resolve("pg_hba.conf"), hba);
    List<String> lines = new ArrayList<>();
    lines.add("listen_addresses = '" + HOST + "'");
    lines.add("unix_socket_directories = ''");
    // Segments outside of the data directory would survive a killed server.
    lines.add("dynamic_shared_memory_type = mmap");
    lines.add("fsync = off");
    lines.add("full_page_writes = off");
    lines.add("synchronous_commit = on");
    settings.forEach((name, value) -> lines.add(name + " = " + Role.quoted(value, '\'')));
    lines.add("include_if_exists 'port.conf'");
    Files.write(data().resolve("postgresql.conf"), lines);
  }

  /**
   * Starts the server on a port that nobody uses. Another process may take it first, so a few are
   * tried.
   */
  void startOnFreePort() throws IOException {
    for (int attempt = 1; ; attempt++) {
      port = Ports.unused();
      Files.writeString(data().resolve("port.conf"), "port = " + port + "\n");
      try {
        start();
        return;
      } catch (UncheckedIOException e) {
        if (attempt == PORT_ATTEMPTS || !log().contains("Address already in use")) {
          throw e;
        }
      }
    }
  }

  /** Starts the server and returns when it accepts connections. */
  void start() {
    attempt(k -> pid = k.start());
    long deadline = System.nanoTime() + START_BOUND.toNanos();
    while (!ready()) {
      if (!Await.running(pid)) {
        throw new UncheckedIOException(
            new IOException("the server ended while starting\n" + log()));
      }
      if (System.nanoTime() > deadline) {
        throw new UncheckedIOException(
            new IOException("the server is not ready after " + START_BOUND + "\n" + log()));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** The postmaster writes its state into the eighth line of its pid file. */
  private boolean ready() {
    try {
      List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
      return lines.size() >= 8
          && lines.getFirst().equals(Long.toString(pid))
          && lines.get(7).startsWith("ready");
    } catch (IOException notYetThere) {
      return false;
    }
  }

  /** A call to the keeper, which fails only if the keeper is gone. */
  @FunctionalInterface
  interface Call {
    void on(Keeper keeper) throws IOException;
  }

  void attempt(Call call) {
    try {
      call.on(keeper);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log() {
    try {
      List<String> lines = Files.readAllLines(logFile());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  @Override
  public void close() {
    attempt(Keeper::close);
  }

  Path data() {
    return directory.resolve("data");
  }

  private Path logFile() {
    return directory.resolve("server.log");
  }
}
