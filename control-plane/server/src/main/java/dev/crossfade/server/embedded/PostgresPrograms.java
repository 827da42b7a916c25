package dev.crossfade.server.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls initdb, pg_ctl and postgres on one data directory, whose lock the caller holds. */
final class PostgresPrograms {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresPrograms.class);
  private static final long PROGRAM_MAX_SECONDS = 120;
  private static final int OUTPUT_MAX_CHARS = 2_000;

  private final PostgresBinaries binaries;
  private final DataDirectory directory;
  private final List<String> prefix;

  PostgresPrograms(PostgresBinaries binaries, DataDirectory directory) throws IOException {
    this.binaries = binaries;
    this.directory = directory;
    // PostgreSQL refuses to run as root. In a user namespace of its own the same process is nobody
    // in its own eyes.
    this.prefix = runsAsRoot(directory.root()) ? List.of("unshare", "-U") : List.of();
  }

  private static boolean runsAsRoot(Path root) throws IOException {
    Path probe = Files.createTempFile(root, "owner", ".probe");
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(probe, "unix:uid"));
    } finally {
      Files.delete(probe);
    }
  }

  /** Makes a new database beside and gives it its name when it is complete. */
  void makeDatabase(String user)
      throws IOException, InterruptedException, EmbeddedPostgresException {
    Path made = directory.databaseBeingMade();
    if (Files.exists(made)) {
      PostgresBinaries.removeTree(made);
    }
    run(
        "initdb",
        List.of(
            "-D",
            made.toString(),
            "-U",
            user,
            "-A",
            "scram-sha-256",
            "--pwfile=" + directory.passwordFile(),
            "-E",
            "UTF8",
            "--no-locale"));
    Files.move(made, directory.database(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Small, durable, reachable over loopback only. */
  List<String> serverCommand(int port) {
    List<String> command = new ArrayList<>(prefix);
    command.add(binaries.program("postgres"));
    command.addAll(List.of("-D", directory.database().toString(), "-p", String.valueOf(port)));
    for (String setting :
        List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=40",
            "shared_buffers=16MB",
            "max_wal_size=128MB",
            "synchronous_commit=on",
            "log_min_messages=warning",
            "jit=off")) {
      command.add("-c");
      command.add(setting);
    }
    return command;
  }

  /**
   * Stops a server that a killed control plane left on this directory. When postmaster.pid names a
   * process that is something else by now, the file is removed: this directory is locked, so no
   * other server can be starting on it.
   */
  void stopOrphan() throws IOException, InterruptedException, EmbeddedPostgresException {
    Path pidFile = directory.database().resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> process = processOf(pidFile);
    if (process.isEmpty()) {
      Files.deleteIfExists(pidFile);
      return;
    }
    LOG.atWarn()
        .addKeyValue("pid", process.get().pid())
        .log("A PostgreSQL server was left on the data directory: stopping it");
    try {
      run(
          "pg_ctl",
          List.of("stop", "-D", directory.database().toString(), "-m", "fast", "-w", "-t", "20"));
    } catch (EmbeddedPostgresException e) {
      if (process.get().isAlive()) {
        run(
            "pg_ctl",
            List.of(
                "stop",
                "-D",
                directory.database().toString(),
                "-m",
                "immediate",
                "-w",
                "-t",
                "20"));
      }
    }
  }

  private Optional<ProcessHandle> processOf(Path pidFile) throws IOException {
    List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
    if (lines.isEmpty() || !lines.getFirst().trim().matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(lines.getFirst().trim()))
        .filter(ProcessHandle::isAlive)
        .filter(
            handle ->
                handle.info().commandLine().orElse("").contains(directory.database().toString()));
  }

  private void run(String program, List<String> arguments)
      throws IOException, InterruptedException, EmbeddedPostgresException {
    List<String> command = new ArrayList<>(prefix);
    command.add(binaries.program(program));
    command.addAll(arguments);
    Path output = Files.createTempFile(directory.root(), program, ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(PROGRAM_MAX_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new EmbeddedPostgresException(
            program + " did not end within " + PROGRAM_MAX_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new EmbeddedPostgresException(program + " failed: " + brief(output));
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String brief(Path output) throws IOException {
    String text = Files.readString(output, StandardCharsets.UTF_8).strip().replace('\n', ' ');
    return text.length() <= OUTPUT_MAX_CHARS
        ? text
        : text.substring(text.length() - OUTPUT_MAX_CHARS);
  }
}
