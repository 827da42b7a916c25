package dev.crossfade.docker;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitStrategy;

/**
 * All of {@code docker/example} as containers on a network of their own: PostgreSQL 15 as old, 18
 * as new, a control plane that keeps its state beside old, and a sidecar that follows it. Gone
 * after {@link #close()}.
 */
final class Site implements AutoCloseable {
  static final int SIDECAR_PORT = 6432;
  static final int ADMIN_PORT = 9090;
  private static final int POSTGRESQL_PORT = 5432;
  private static final int CONTROL_PORT = 7432;
  private static final int CONSOLE_PORT = 7480;
  private static final String LOGIN = "crossfade-example";
  private static final String STATE =
      "--jdbc-url jdbc:postgresql://db-old/control --db-user control";
  private static final Duration BOUND = Duration.ofSeconds(120);
  private static final Path EXAMPLE = Images.HOME.resolve("docker/example");

  private final Network network = Network.newNetwork();
  private final Path token;
  private final GenericContainer<?> old;
  private final GenericContainer<?> target;
  private final Hardened controlPlane;
  private final Hardened sidecar;
  private String admin = "";

  /**
   * Says what there is; nothing runs yet.
   *
   * @param token where the sidecar's token is written
   */
  Site(Path token) {
    this.token = token;
    old = postgresql(15, "old");
    target = postgresql(18, "new");
    controlPlane =
        named("control-plane", controlPlaneImage())
            .withCommand(
                words(
                    "--listen 0.0.0.0:7432 --http 0.0.0.0:7480 --admin 0.0.0.0:9090"
                        + " --allow-clear-text "
                        + STATE))
            .withExposedPorts(CONTROL_PORT, CONSOLE_PORT, ADMIN_PORT)
            .waitingFor(ready());
    sidecar =
        named("sidecar", new Hardened(Images.SIDECAR).within(1, 256))
            .withEnv("CROSSFADE_OLD_PASSWORD", LOGIN)
            .withEnv("CROSSFADE_NEW_PASSWORD", LOGIN)
            .withEnv("CROSSFADE_MIRROR_OLD_PASSWORD", LOGIN)
            .withEnv("CROSSFADE_MIRROR_NEW_PASSWORD", LOGIN)
            .withExposedPorts(SIDECAR_PORT, ADMIN_PORT)
            .waitingFor(ready());
    Mounts.readOnly(sidecar, EXAMPLE, "/etc/crossfade");
    Mounts.readOnly(sidecar, token, "/run/secrets/sidecar-token");
  }

  /** Starts all of it, in the order of docker/start.sh. */
  void start() throws IOException {
    CompletableFuture.allOf(
            CompletableFuture.runAsync(old::start), CompletableFuture.runAsync(target::start))
        .join();
    // Where its state is, its first admin is made.
    admin =
        once(on(controlPlaneImage()).withCommand(words("token --name ada " + STATE)))
            .output()
            .strip();
    controlPlane.start();
    String created = ctl("token create --name shop --role sidecar --service shop").output();
    Files.writeString(token, created.strip());
    sidecar.start();
  }

  private static Hardened controlPlaneImage() {
    return new Hardened(Images.CONTROL_PLANE).withEnv("CROSSFADE_DB_PASSWORD", "control-example");
  }

  private GenericContainer<?> postgresql(int version, String side) {
    GenericContainer<?> database = new GenericContainer<>(Images.postgresql(version));
    Mounts.readOnly(
        database, EXAMPLE.resolve(side + ".sql"), "/docker-entrypoint-initdb.d/" + side + ".sql");
    return named("db-" + side, database)
        .withEnv("POSTGRES_DB", "shop")
        .withEnv("POSTGRES_PASSWORD", "superuser-example")
        .withExposedPorts(POSTGRESQL_PORT)
        // The public image's first server, which runs the file, listens on no port.
        .waitingFor(Wait.forListeningPort().withStartupTimeout(BOUND));
  }

  private <C extends GenericContainer<C>> C on(C container) {
    return container.withNetwork(network);
  }

  private <C extends GenericContainer<?>> C named(String alias, C container) {
    container.withNetwork(network).withNetworkAliases(alias);
    return container;
  }

  private static WaitStrategy ready() {
    return Wait.forHttp("/readyz").forPort(ADMIN_PORT).withStartupTimeout(BOUND);
  }

  private static String[] words(String text) {
    return text.split(" ");
  }

  /** What a command that has ended has said, and with which exit code. */
  record Outcome(long code, String output, String errors) {}

  /** {@code ctl}, as ada, with the example's files where it runs. */
  Outcome ctl(String command) {
    Outcome outcome =
        once(
            on(Mounts.readOnly(new Hardened(Images.CTL), EXAMPLE, "/work"))
                .withEnv("CROSSFADE_CONTROL_PLANE", "control-plane:" + CONTROL_PORT)
                .withEnv("CROSSFADE_TOKEN", admin)
                .withEnv("CROSSFADE_OLD_PASSWORD", LOGIN)
                .withEnv("CROSSFADE_NEW_PASSWORD", LOGIN)
                .withCommand(words(command + " --allow-clear-text")));
    if (outcome.code() != 0) {
      throw new IllegalStateException("ctl " + command + ": " + outcome);
    }
    return outcome;
  }

  /** Runs a container to its end, and takes it away. */
  static Outcome once(GenericContainer<?> container) {
    try (container) {
      container.withStartupCheckStrategy(new Ended().withTimeout(BOUND)).start();
      Long code =
          Images.client()
              .inspectContainerCmd(container.getContainerId())
              .exec()
              .getState()
              .getExitCodeLong();
      return new Outcome(
          code == null ? -1 : code,
          container.getLogs(OutputFrame.OutputType.STDOUT),
          container.getLogs(OutputFrame.OutputType.STDERR));
    }
  }

  /** A client of the service, through the sidecar. */
  Connection client() throws SQLException {
    return connect(sidecar, SIDECAR_PORT, "app", "app-example");
  }

  /** A look at new, past everything. */
  Connection atNew() throws SQLException {
    return connect(target, POSTGRESQL_PORT, "crossfade", LOGIN);
  }

  private static Connection connect(GenericContainer<?> to, int port, String user, String password)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("socketTimeout", "30");
    properties.setProperty("connectTimeout", "5");
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/shop".formatted(to.getHost(), to.getMappedPort(port)), properties);
  }

  Hardened sidecar() {
    return sidecar;
  }

  Hardened controlPlane() {
    return controlPlane;
  }

  GenericContainer<?> target() {
    return target;
  }

  @Override
  public void close() {
    for (GenericContainer<?> container :
        new GenericContainer<?>[] {sidecar, controlPlane, target, old}) {
      container.close();
    }
    network.close();
  }

  /** A container has started when it has ended, however it ended. */
  static final class Ended extends OneShotStartupCheckStrategy {
    @Override
    public StartupStatus checkStartupState(DockerClient client, String container) {
      StartupStatus status = super.checkStartupState(client, container);
      return status == StartupStatus.FAILED ? StartupStatus.SUCCESSFUL : status;
    }
  }
}
