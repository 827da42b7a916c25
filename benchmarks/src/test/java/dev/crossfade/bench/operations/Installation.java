package dev.crossfade.bench.operations;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.mirror.Sides;
import dev.crossfade.bench.process.Packaged;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.ChildJvm;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two databases, a control plane and a sidecar that follows it and has everything switched on, so
 * that each metric is shown; one migration in RAMP.
 */
final class Installation implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final String DATABASE = EmbeddedServer.SUPERUSER;
  private static final Pattern ADMIN = Pattern.compile("admin on (\\S+)");
  private static final Pattern READY = Pattern.compile("control plane ready on \\S+:(\\d+)");

  private final Scratch scratch = Scratch.create("crossfade-operations-");
  private final HttpClient http = HttpClient.newHttpClient();
  private final Sides sides;
  private final ChildJvm controlPlane;
  private final ManagedChannel channel;
  private final SidecarProcess sidecar;

  Installation() throws Exception {
    sides = Sides.start();
    sides.fill(200);
    sides.capture();
    sides.next().createDatabase("catalog");
    controlPlane =
        Packaged.CONTROL_PLANE
            .jvm()
            .arguments("--listen", "127.0.0.1:0", "--http", "none", "--admin", "127.0.0.1:0")
            .arguments("--jdbc-url", sides.next().jdbcUrl("catalog", DATABASE))
            .arguments("--db-user", DATABASE)
            .readyWhenPrints("control plane ready on ")
            .readyWithin(BOUND)
            .start();
    Matcher ready = READY.matcher(controlPlane.readyLine());
    if (!ready.find()) {
      throw new IllegalStateException(controlPlane.readyLine());
    }
    int port = Integer.parseInt(ready.group(1));
    channel = ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    ramp();
    sidecar = SidecarProcess.start(scratch.write("sidecar.yaml", config(port)));
    // What was there before arrives on new as changes of today.
    sides.old().executeIn(DATABASE, "UPDATE customers SET id = id");
  }

  private MigrationServiceBlockingStub migrations() {
    return MigrationServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  private void ramp() {
    String name = "split-customers";
    var applied = migrations().apply(ApplyRequest.newBuilder().setYaml(Sides.yaml()).build());
    if (!applied.getMigration().getName().equals(name)) {
      throw new IllegalStateException("not applied: " + applied);
    }
    var half = SetReadPercentRequest.newBuilder().setName(name).setReadBuckets(50_000).build();
    long version = migrations().setReadPercent(half).getMigration().getVersion();
    for (Stage stage : List.of(Stage.STAGE_DUAL_WRITE, Stage.STAGE_SHADOW, Stage.STAGE_RAMP)) {
      var request = SetStageRequest.newBuilder().setName(name).setStage(stage).build();
      long next = migrations().setStage(request).getMigration().getVersion();
      if (next <= version) {
        throw new IllegalStateException(stage + " is no change");
      }
      version = next;
    }
  }

  private String config(int controlPlanePort) {
    return """
    service: shop
    listen: {host: 127.0.0.1, port: 0}
    admin: {host: 127.0.0.1, port: 0}
    old: {host: %s, port: %d, database: postgres, user: postgres}
    new: {host: %s, port: %d, database: postgres, user: postgres}
    mirror: {old: {user: postgres}, new: {user: postgres}}
    parity: {share: 100%%}
    otel: {endpoint: "http://127.0.0.1:1/v1/traces"}
    controlPlane: {host: 127.0.0.1, port: %d}
    stateDirectory: state
    """
        .formatted(
            sides.old().host(),
            sides.old().port(),
            sides.next().host(),
            sides.next().port(),
            controlPlanePort);
  }

  /** A read that differs by a share, a write, and an error, as clients have them. */
  void use() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&connectTimeout=10&socketTimeout=30"
                    .formatted(sidecar.port(), DATABASE, DATABASE));
        var statement = connection.createStatement()) {
      statement.execute("SELECT email FROM customers WHERE id = 7");
      statement.execute("UPDATE customers SET email = 'a@example.org' WHERE id = 8");
      try {
        statement.execute("SELECT 1 / (id - id) FROM customers WHERE id = 9");
        throw new IllegalStateException("a division by zero is no error");
      } catch (SQLException expected) {
        if (!"22012".equals(expected.getSQLState())) {
          throw expected;
        }
      }
    }
  }

  String sidecarMetrics() throws IOException, InterruptedException {
    return get(sidecar.metrics());
  }

  String controlPlaneMetrics() throws IOException, InterruptedException {
    for (String line : controlPlane.output()) {
      Matcher admin = ADMIN.matcher(line);
      if (admin.find()) {
        return get(URI.create("http://" + admin.group(1) + "/metrics"));
      }
    }
    throw new IllegalStateException("the control plane does not say where its metrics are");
  }

  private String get(URI uri) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(uri).timeout(BOUND).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    sidecar.close();
    channel.shutdownNow();
    controlPlane.close();
    sides.close();
    scratch.close();
    http.close();
  }
}
