package dev.crossfade.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A control plane in a process of its own, started as users start it. */
final class ChildProcess implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofSeconds(90);
  private static final String READY = "control plane ready on ";

  private final Process process;
  private final Path out;
  private final Path err;

  private ChildProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static ChildProcess start(
      Path workDirectory, Map<String, String> environment, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (all.stream().noneMatch(argument -> argument.startsWith("--http"))) {
      // The usual port is one for all; several of these run at once.
      all.add("--http=none");
    }
    return start(ControlPlaneMain.class, workDirectory, environment, all.toArray(String[]::new));
  }

  /** Another main class, which says where it serves as well. */
  static ChildProcess start(
      Class<?> main, Path workDirectory, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Dlogback.configurationFile=logback.xml");
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(workDirectory, "control-plane", ".out");
    Path err = Files.createTempFile(workDirectory, "control-plane", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new ChildProcess(builder.start(), out, err);
  }

  /** Waits for the line that says where it serves. */
  int awaitPort() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_MAX.toNanos();
    while (System.nanoTime() < deadline) {
      for (String line : out().lines().toList()) {
        if (line.startsWith(READY)) {
          return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        }
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it ended with " + process.exitValue() + ": " + err());
      }
    }
    throw new AssertionError("it was not ready in time: " + err());
  }

  int awaitExit() throws InterruptedException, IOException {
    if (!process.waitFor(READY_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it did not end in time: " + err());
    }
    return process.exitValue();
  }

  String out() throws IOException {
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  String err() throws IOException {
    return Files.readString(err, StandardCharsets.UTF_8);
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
