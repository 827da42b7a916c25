package dev.crossfade.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.CpuUsageConfig;
import com.github.dockerjava.api.model.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * How large the images are, how soon a sidecar answers and what it takes when nobody asks: {@code
 * docker/measure.sh}. No part of any build, for a machine that does other things measures those.
 */
final class Measurement {
  private static final int ROUNDS = 15;
  private static final Duration IDLE = Duration.ofSeconds(40);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String CONFIGURATION =
      """
      service: shop
      listen: {host: 0.0.0.0, port: 6432}
      admin: {host: 0.0.0.0, port: 9090}
      old: {host: db-old, database: shop, user: crossfade, password: crossfade-example}
      new: {host: db-new, database: shop, user: crossfade, password: crossfade-example}
      migrations: [{file: split-customers.yaml, stage: DUAL_WRITE}]
      stateDirectory: /var/lib/crossfade
      """;

  /**
   * Milliseconds until the first answer: since the engine was asked, and since the process began.
   */
  private record Start(double sinceAsked, double sinceStarted) {}

  /** Of a container in which nothing happens. */
  private record Idle(double cores, long bytes) {}

  @Test
  void everything(@TempDir Path folder) throws IOException, SQLException, InterruptedException {
    Images.needEngine();
    Files.writeString(folder.resolve("sidecar.yaml"), CONFIGURATION);
    Path lens = Images.HOME.resolve("docker/example/split-customers.yaml");
    Files.copy(lens, folder.resolve("split-customers.yaml"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Network network = Network.newNetwork();
        GenericContainer<?> old = database(15, "old", network);
        GenericContainer<?> target = database(18, "new", network);
        Hardened sidecar =
            new Hardened(Images.SIDECAR)
                .within(2, 256)
                .withNetwork(network)
                .withExposedPorts(Site.ADMIN_PORT)
                .waitingFor(Wait.forHttp("/readyz").forPort(Site.ADMIN_PORT))) {
      Mounts.readOnly(sidecar, folder, "/etc/crossfade");
      old.start();
      target.start();
      sidecar.start();
      Idle idle = idle(sidecar.getContainerId());
      List<Start> starts = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        starts.add(startAgain(sidecar.getContainerId()));
      }
      Files.writeString(
          Path.of(Objects.requireNonNull(System.getProperty("crossfade.results"))),
          page(starts, idle));
    }
  }

  private static GenericContainer<?> database(int version, String side, Network network) {
    GenericContainer<?> database = new GenericContainer<>(Images.postgresql(version));
    Mounts.readOnly(
        database,
        Images.HOME.resolve("docker/example/" + side + ".sql"),
        "/docker-entrypoint-initdb.d/" + side + ".sql");
    return database
        .withNetwork(network)
        .withNetworkAliases("db-" + side)
        .withEnv("POSTGRES_DB", "shop")
        .withEnv("POSTGRES_PASSWORD", "superuser-example")
        .withExposedPorts(5432)
        .waitingFor(Wait.forListeningPort().withStartupTimeout(BOUND));
  }

  private static Start startAgain(String id) throws SQLException {
    Images.client().stopContainerCmd(id).withTimeout(30).exec();
    long asked = System.nanoTime();
    Images.client().startContainerCmd(id).exec();
    InspectContainerResponse container = Images.client().inspectContainerCmd(id).exec();
    Map<String, ContainerNetwork> networks = container.getNetworkSettings().getNetworks();
    String address = networks.values().iterator().next().getIpAddress();
    // Past the published port, which takes connections before anybody listens behind it.
    while (!answers("jdbc:postgresql://" + address + ":6432/shop")) {
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(BOUND);
      // Whoever asks without a pause takes one of the processors that the start needs.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    Instant now = Instant.now();
    double sinceAsked = (System.nanoTime() - asked) / 1e6;
    Instant started = Instant.parse(Objects.requireNonNull(container.getState().getStartedAt()));
    return new Start(sinceAsked, Duration.between(started, now).toNanos() / 1e6);
  }

  private static boolean answers(String url) {
    Properties properties = new Properties();
    properties.setProperty("user", "app");
    properties.setProperty("password", "app-example");
    properties.setProperty("socketTimeout", "10");
    properties.setProperty("connectTimeout", "1");
    try (Connection client = DriverManager.getConnection(url, properties);
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SELECT email FROM customers WHERE id = 7")) {
      return rows.next() && "c7@example.org".equals(rows.getString(1));
    } catch (SQLException notYet) {
      return false;
    }
  }

  private static Idle idle(String id) throws IOException, InterruptedException {
    LinkedBlockingQueue<Statistics> read = new LinkedBlockingQueue<>();
    try (ResultCallback.Adapter<Statistics> reader =
        new ResultCallback.Adapter<>() {
          @Override
          public void onNext(Statistics statistics) {
            read.add(statistics);
          }
        }) {
      Images.client().statsCmd(id).exec(reader);
      Statistics first = next(read);
      long begin = System.nanoTime();
      Statistics last = first;
      while (System.nanoTime() - begin < IDLE.toNanos()) {
        last = next(read);
      }
      double cores = (double) (cpuNanos(last) - cpuNanos(first)) / (System.nanoTime() - begin);
      return new Idle(cores, Objects.requireNonNull(last.getMemoryStats().getUsage()));
    }
  }

  private static Statistics next(LinkedBlockingQueue<Statistics> read) throws InterruptedException {
    return Objects.requireNonNull(read.poll(10, TimeUnit.SECONDS), "the engine tells nothing");
  }

  private static long cpuNanos(Statistics statistics) {
    CpuUsageConfig usage = Objects.requireNonNull(statistics.getCpuStats().getCpuUsage());
    return Objects.requireNonNull(usage.getTotalUsage());
  }

  private static String page(List<Start> starts, Idle idle) throws IOException {
    List<Double> asked = new ArrayList<>(starts.stream().map(Start::sinceAsked).toList());
    List<Double> started = new ArrayList<>(starts.stream().map(Start::sinceStarted).toList());
    Collections.sort(asked);
    Collections.sort(started);
    int middle = starts.size() / 2;
    return """
    # What the images take

    Made by `docker/measure.sh`, of images that `docker/build.sh` has built. The sidecar runs with its own options (`-Xmx64m`), a migration in DUAL_WRITE,
    a read-only root file system, no capabilities and a limit of 256 MiB.

    - %s; %d cores; load of the machine %s; Docker %s; %d starts

    | | | bar |
    |---|---:|---|
    %s%s%s| sidecar: engine asked to first query answered, median (slowest) | %.0f ms (%.0f ms) | |
    | sidecar: process started to first query answered, median (slowest) | %.0f ms (%.0f ms) | <= 600 ms%s |
    | sidecar: processor time when idle, health checks included | %.3f cores | <= 0.1%s |
    | sidecar: memory when idle, as the engine counts it | %.0f MiB | |
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            Files.readString(Path.of("/proc/loadavg")).split(" ")[0],
            Images.client().versionCmd().exec().getVersion(),
            starts.size(),
            size("sidecar", 120),
            size("control-plane", 250),
            size("ctl", 120),
            asked.get(middle),
            asked.getLast(),
            started.get(middle),
            started.getLast(),
            missed(started.get(middle) > 600),
            idle.cores(),
            missed(idle.cores() > 0.1),
            idle.bytes() / 1048576.0);
  }

  private static String size(String name, int bar) {
    long bytes =
        Objects.requireNonNull(
            Images.inspect("crossfade/" + name + ":" + Images.VERSION).getSize());
    return String.format(
        Locale.ROOT,
        "| size of %s, uncompressed | %.1f MB | <= %d MB%s |%n",
        name,
        bytes / 1e6,
        bar,
        missed(bytes > bar * 1_000_000L));
  }

  private static String missed(boolean missed) {
    return missed ? ": missed" : "";
  }
}
