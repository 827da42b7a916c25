package dev.crossfade.bench.process;

import dev.crossfade.testkit.process.Tether;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program of the operating system that runs in the foreground, and dies with this JVM however
 * this one dies.
 */
public final class ChildProgram implements AutoCloseable {
  private static final String[] FOLDERS = {
    "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"
  };

  private final Process process;
  private final Path log;

  private ChildProgram(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The program's file, where it is installed. */
  public static Optional<Path> find(String name) {
    for (String folder : FOLDERS) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** What a program prints first, on either stream; empty when it fails or there is none. */
  public static Optional<String> firstLine(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said.lines().findFirst() : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A port of the loopback interface that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts it; does not wait.
   *
   * @param log what it prints goes here
   */
  public static ChildProgram start(Path log, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(Tether.around(command))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ChildProgram(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Everything it has printed. */
  public String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "(its output cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Ends it and its children. */
  @Override
  public void close() {
    List<ProcessHandle> family = process.descendants().toList();
    process.toHandle().destroy();
    try {
      if (!process.waitFor(3, java.util.concurrent.TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }
}
