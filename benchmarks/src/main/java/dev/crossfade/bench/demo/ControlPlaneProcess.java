package dev.crossfade.bench.demo;

import dev.crossfade.bench.process.Packaged;
import dev.crossfade.testkit.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A control plane in a JVM of its own. */
public final class ControlPlaneProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("control plane ready on (\\S+):(\\d+)");
  private static final String CONSOLE = "console on ";
  private static final String ANY_PORT = "127.0.0.1:0";

  private final ChildJvm process;
  private final int port;

  private ControlPlaneProcess(ChildJvm process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one on loopback and returns when it serves.
   *
   * @param port 0 for any
   */
  static ControlPlaneProcess start(Path directory, int port) {
    return start(Packaged.CONTROL_PLANE.jvm(), directory, port);
  }

  static ControlPlaneProcess start(ChildJvm.Builder jvm, Path directory, int port) {
    return start(jvm, port, "--http", ANY_PORT, "--data-dir", directory.toString());
  }

  /** One in the place of another that has died: on its directory, and where that was found. */
  static ControlPlaneProcess startAgain(Path directory, ControlPlaneProcess dead) {
    return start(
        Packaged.CONTROL_PLANE.jvm(),
        dead.port(),
        "--http",
        dead.console().substring("http://".length()),
        "--data-dir",
        directory.toString());
  }

  /**
   * One that keeps its state in a database that others may use as well.
   *
   * @param databases where the databases of migrations are, for jobs and moves
   */
  public static ControlPlaneProcess sharing(String jdbcUrl, String user, Path databases, int port) {
    return start(
        Packaged.CONTROL_PLANE.jvm(),
        port,
        "--http",
        ANY_PORT,
        "--jdbc-url",
        jdbcUrl,
        "--db-user",
        user,
        "--databases",
        databases.toString());
  }

  private static ControlPlaneProcess start(ChildJvm.Builder jvm, int port, String... arguments) {
    ChildJvm process =
        jvm.jvmArguments(
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener")
            .arguments("--listen", "127.0.0.1:" + port)
            .arguments(arguments)
            .readyWhenPrints("control plane ready on ")
            .readyWithin(Duration.ofSeconds(60))
            .start();
    Matcher ready = READY.matcher(process.readyLine());
    if (!ready.find()) {
      process.close();
      throw new IllegalStateException(
          "the control plane's ready line is not understood: " + process.readyLine());
    }
    return new ControlPlaneProcess(process, Integer.parseInt(ready.group(2)));
  }

  /** The address of its web console. */
  String console() {
    return process.output().stream()
        .filter(line -> line.startsWith(CONSOLE))
        .map(line -> line.substring(CONSOLE.length()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("it has not said where its console is"));
  }

  public ChildJvm process() {
    return process;
  }

  int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  /** Ends it in order, so that its embedded database stops too. */
  @Override
  public void close() {
    process.terminate();
    try {
      process.awaitExit(Duration.ofSeconds(8));
    } catch (IllegalStateException stubborn) {
      process.kill();
    } finally {
      process.close();
    }
  }

  /** As a machine that loses power would end it. */
  public void kill() {
    process.close();
  }
}
