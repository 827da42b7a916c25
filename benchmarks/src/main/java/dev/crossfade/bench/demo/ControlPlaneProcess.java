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
   * Where it listens.
   *
   * @param port for gRPC; 0 for any
   * @param http host and port of the console
   */
  record Listening(int port, String http) {
    static final Listening ANYWHERE = new Listening(0, ANY_PORT);
  }

  /** Starts one on loopback and returns when it serves. */
  static ControlPlaneProcess start(Path directory, Listening at) {
    return start(Packaged.CONTROL_PLANE.jvm(), directory, at);
  }

  static ControlPlaneProcess start(ChildJvm.Builder jvm, Path directory, Listening at) {
    return start(jvm, at, "--data-dir", directory.toString());
  }

  /**
   * One that keeps its state in a database that others may use as well.
   *
   * @param databases where the databases of migrations are, for jobs and moves
   */
  public static ControlPlaneProcess sharing(String jdbcUrl, String user, Path databases, int port) {
    return sharing(Packaged.CONTROL_PLANE.jvm(), jdbcUrl, user, databases, port);
  }

  /** The same in a JVM with options of its own. */
  public static ControlPlaneProcess sharing(
      ChildJvm.Builder jvm, String jdbcUrl, String user, Path databases, int port) {
    return start(
        jvm,
        new Listening(port, ANY_PORT),
        "--jdbc-url",
        jdbcUrl,
        "--db-user",
        user,
        "--databases",
        databases.toString());
  }

  /** One with these arguments besides where it listens. */
  static ControlPlaneProcess start(ChildJvm.Builder jvm, Listening at, String... arguments) {
    ChildJvm process =
        jvm.jvmArguments(
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener")
            .arguments("--listen", "127.0.0.1:" + at.port(), "--http", at.http())
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

  /** Where another one is found just as this one. */
  Listening listening() {
    return new Listening(port, console().substring("http://".length()));
  }

  public ChildJvm process() {
    return process;
  }

  /** Where it serves. */
  public int port() {
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
