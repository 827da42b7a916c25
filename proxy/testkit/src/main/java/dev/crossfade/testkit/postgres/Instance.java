package dev.crossfade.testkit.postgres;

import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** One data directory and the processes that serve it. */
final class Instance implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int PORT_ATTEMPTS = 5;

  /**
   * Below the range from which Linux takes the ports of outgoing connections: while the server is down, no client may be given its
   * port by accident.
   */
  private static final int LOWEST_PORT = 10_240;

  private static final int HIGHEST_PORT = 32_000;
  private static final int LOG_LINES = 40;

  private final Path directory;
  private final Path binaries;
  private final Keeper keeper;
  private volatile int port;
  private volatile long pid;

  Instance(Path directory, boolean remove) throws IOException {
    this.directory = directory.toAbsolutePath();
    binaries = Binaries.directory();
    keeper = new Keeper(this.directory, logFile(), remove, command("postgres", "-D", data().toString()));
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
      initdb();
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

  private void initdb() throws IOException {
    Process process =
        new ProcessBuilder(
                command(
                    "initdb", "-D", data().toString(), "-U", EmbeddedServer.SUPERUSER, "-A", "trust", "-E", "UTF8",
                    "--locale=C", "--no-sync", "--no-instructions"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
            .start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("initdb failed\n" + log());
    }
  }

  /** Starts the server on a port that nobody uses. Another process may take it first, so a few are tried. */
  void startOnFreePort() throws IOException {
    for (int attempt = 1; ; attempt++) {
      port = freePort();
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

  private static int freePort() {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getByName(HOST))) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next candidate may be free.
      }
    }
    throw new IllegalStateException("no free port between " + LOWEST_PORT + " and " + HIGHEST_PORT);
  }

  /** Starts the server and returns when it accepts connections. */
  void start() {
    attempt(k -> pid = k.start());
    long deadline = System.nanoTime() + START_BOUND.toNanos();
    while (!ready()) {
      if (!Await.running(pid)) {
        throw new UncheckedIOException(new IOException("the server ended while starting\n" + log()));
      }
      if (System.nanoTime() > deadline) {
        throw new UncheckedIOException(new IOException("the server is not ready after " + START_BOUND + "\n" + log()));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** The postmaster writes its state into the eighth line of its pid file. */
  private boolean ready() {
    try {
      List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
      return lines.size() >= 8 && lines.getFirst().equals(Long.toString(pid)) && lines.get(7).startsWith("ready");
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

  private Path data() {
    return directory.resolve("data");
  }

  private Path logFile() {
    return directory.resolve("server.log");
  }

  /** PostgreSQL refuses to run as root. A user namespace of its own makes root look like an ordinary user to it. */
  private List<String> command(String executable, String... arguments) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binaries.resolve("bin").resolve(executable).toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
