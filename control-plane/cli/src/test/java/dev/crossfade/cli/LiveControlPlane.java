package dev.crossfade.cli;

import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.ControlPlane;
import dev.crossfade.server.ControlPlaneSettings;
import dev.crossfade.server.ControlPlaneSettings.Storage;
import dev.crossfade.server.StartException;
import dev.crossfade.server.flags.UnleashSettings;
import dev.crossfade.server.job.DatabasesFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A real control plane with its embedded database, and ctl in front of it. */
final class LiveControlPlane implements AutoCloseable {
  static final String MIGRATION =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: split-customers, owner: accounts, rationale: "one table per concern", risk: medium}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: SELECT id, name AS full_name FROM people
        new:
          people:
            entity: [id]
            up: SELECT id, full_name AS name FROM customers
      """;

  private final Path data;
  private final @Nullable DatabasesFile databases;
  private final @Nullable UnleashSettings unleash;
  private ControlPlane controlPlane;
  private final int port;

  /** What a call of ctl came to. */
  record Outcome(int exitCode, String out, String err) {}

  private LiveControlPlane(
      Path data,
      @Nullable DatabasesFile databases,
      @Nullable UnleashSettings unleash,
      ControlPlane controlPlane) {
    this.data = data;
    this.databases = databases;
    this.unleash = unleash;
    this.controlPlane = controlPlane;
    this.port = controlPlane.port();
  }

  static LiveControlPlane start() throws IOException, StartException {
    return start(null);
  }

  /** One that does jobs on these databases. */
  static LiveControlPlane start(@Nullable DatabasesFile databases)
      throws IOException, StartException {
    return start(databases, null);
  }

  /** One that follows flags, too. */
  static LiveControlPlane start(
      @Nullable DatabasesFile databases, @Nullable UnleashSettings unleash)
      throws IOException, StartException {
    Path data = directory();
    return new LiveControlPlane(data, databases, unleash, start(data, 0, databases, unleash));
  }

  static Path directory() throws IOException {
    Path base = Path.of("target", "it").toAbsolutePath();
    Files.createDirectories(base);
    return Files.createTempDirectory(base, "control-plane-");
  }

  private static ControlPlane start(
      Path data, int port, @Nullable DatabasesFile databases, @Nullable UnleashSettings unleash)
      throws StartException {
    return ControlPlane.start(
        new ControlPlaneSettings(
            "127.0.0.1",
            port,
            new Storage.Embedded(data),
            databases,
            unleash,
            ControlPlaneSettings.Access.USUAL),
        new LensFileCheck());
  }

  int port() {
    return port;
  }

  void stop() {
    controlPlane.close();
  }

  /** Starts it again on the same directory and port. */
  void startAgain() throws StartException {
    controlPlane = start(data, port, databases, unleash);
  }

  Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(data, "migration", ".yaml"), text);
  }

  Outcome ctl(String... arguments) {
    return ctl(Map.of("CROSSFADE_CONTROL_PLANE", "127.0.0.1:" + port, "USER", "ada"), arguments);
  }

  static Outcome ctl(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = CtlMain.commandLine(environment);
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(arguments);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return new Outcome(exitCode, out.toString().stripTrailing(), err.toString().stripTrailing());
  }

  /** Stops it and removes its directory. */
  @Override
  public void close() {
    controlPlane.close();
    try (Stream<Path> tree = Files.walk(data)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
