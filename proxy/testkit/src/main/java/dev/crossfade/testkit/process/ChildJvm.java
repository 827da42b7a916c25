package dev.crossfade.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A main class of the current class path, running in a JVM of its own that dies with this one,
 * however this one dies.
 *
 * <p>Its standard error is part of its output; its standard input is empty. {@link #close()} kills
 * it.
 */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final Output output;

  private ChildJvm(Process process, Output output) {
    this.process = process;
    this.output = output;
  }

  /** Describes a child that runs the given class. */
  public static Builder of(Class<?> main) {
    return new Builder(main.getName());
  }

  /** Describes a child that runs the class of this name, for classes that this code cannot see. */
  public static Builder of(String main) {
    return new Builder(main);
  }

  /** The process id of the JVM itself. */
  public long pid() {
    return process.pid();
  }

  /** The line for which {@link Builder#start()} waited. */
  public String readyLine() {
    return output.found().getNow("");
  }

  /** The last lines the child printed, at most 500. */
  public List<String> output() {
    return output.tail();
  }

  /** Whether the child still runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Asks the child to end, with SIGTERM; its shutdown hooks run. */
  public void terminate() {
    // Not process.destroy(), which also ends the child's standard input, for which the watcher
    // would kill it at once.
    process.toHandle().destroy();
  }

  /** Kills the child with SIGKILL. */
  public void kill() {
    process.destroyForcibly();
  }

  /**
   * Waits for the child to end and returns its exit code, which is 128 + n after signal n.
   *
   * @throws IllegalStateException if the child still runs after {@code bound}
   */
  public int awaitExit(Duration bound) {
    try {
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the child JVM still runs after " + bound + described());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a child JVM ran", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private void awaitReady(Duration bound) {
    try {
      output.found().get(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the child JVM is not ready after " + bound + described(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the child JVM ended before it was ready" + described(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a child JVM started", e);
    }
  }

  private String described() {
    return ":\n" + String.join("\n", output());
  }

  /** What a child is to be like. Not for more than one thread. */
  public static final class Builder {
    private final String main;
    private final List<String> jvmArguments = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private String classPath = System.getProperty("java.class.path");
    private Path javaHome = Path.of(System.getProperty("java.home"));
    private Predicate<String> ready = line -> true;
    private Duration bound = Duration.ofSeconds(120);

    private Builder(String main) {
      this.main = main;
    }

    /** Adds arguments for the JVM, for example {@code -Xmx64m}. */
    public Builder jvmArguments(String... more) {
      jvmArguments.addAll(List.of(more));
      return this;
    }

    /** Adds arguments for the program. */
    public Builder arguments(String... more) {
      arguments.addAll(List.of(more));
      return this;
    }

    /** Sets an environment variable, beside those of this JVM. */
    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Runs another class path than this JVM's. */
    public Builder classPath(String path) {
      classPath = path;
      return this;
    }

    /** Runs another Java than this one. */
    public Builder javaHome(Path home) {
      javaHome = home;
      return this;
    }

    /**
     * The child is ready when it prints a line that contains this text; unless told, its first line
     * will do.
     */
    public Builder readyWhenPrints(String text) {
      ready = line -> line.contains(text);
      return this;
    }

    /** How long {@link #start()} waits for the ready line, 2 minutes unless told. */
    public Builder readyWithin(Duration bound) {
      this.bound = bound;
      return this;
    }

    /**
     * Starts the child and returns when it printed the ready line.
     *
     * @throws IllegalStateException if it ended or the bound passed before that; the message ends
     *     with its output
     */
    public ChildJvm start() {
      ChildJvm child = launch();
      try {
        child.awaitReady(bound);
        return child;
      } catch (IllegalStateException e) {
        child.close();
        throw e;
      }
    }

    /** Starts the child and does not wait for it. */
    public ChildJvm launch() {
      List<String> command = new ArrayList<>();
      command.add(javaHome.resolve("bin").resolve("java").toString());
      command.addAll(jvmArguments);
      command.addAll(List.of("-cp", classPath, main));
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(Tether.around(command)).redirectErrorStream(true);
      builder.environment().putAll(environment);
      try {
        Process process = builder.start();
        Output output = new Output(ready);
        Thread.ofPlatform()
            .name("output of " + main)
            .daemon()
            .start(() -> output.drain(process.inputReader(UTF_8)));
        return new ChildJvm(process, output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
