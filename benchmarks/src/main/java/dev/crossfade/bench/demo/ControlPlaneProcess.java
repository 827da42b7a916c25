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
    return start(jvm, port, "--data-dir", directory.toString());
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
        jvm, port, "--jdbc-url", jdbcUrl, "--db-user", user, "--databases", databases.toString());
  }

  /** One with these arguments besides where it listens. */
  static ControlPlaneProcess start(ChildJvm.Builder jvm, int port, String... arguments) {
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
