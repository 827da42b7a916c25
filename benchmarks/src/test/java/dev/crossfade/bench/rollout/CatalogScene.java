package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.Evidence;
import dev.crossfade.api.v1.EvidenceServiceGrpc;
import dev.crossfade.api.v1.ListEvidenceRequest;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.ReadinessRequest;
import dev.crossfade.api.v1.ReadinessServiceGrpc;
import dev.crossfade.bench.demo.ControlPlaneProcess;
import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.demo.SidecarYaml;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The demo's migration in a control plane, and a service behind a sidecar that follows it. */
final class CatalogScene implements AutoCloseable {
  /** What the service asks. */
  static final List<String> READS =
      List.of(
          "SELECT full_name, email FROM customers WHERE id = ?",
          "SELECT status, total_cents FROM orders WHERE customer_id = ? ORDER BY id LIMIT 10");

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String NOWHERE =
      """
      default:
        old: {url: 'postgresql://127.0.0.1:1/a'}
        new: {url: 'postgresql://127.0.0.1:1/b'}
      """;

  private final ControlPlaneProcess controlPlane;
  private final SidecarProcess sidecar;
  private final ManagedChannel channel;
  private final String migration;

  private CatalogScene(
      ControlPlaneProcess controlPlane,
      SidecarProcess sidecar,
      ManagedChannel channel,
      String migration) {
    this.controlPlane = controlPlane;
    this.sidecar = sidecar;
    this.channel = channel;
    this.migration = migration;
  }

  static CatalogScene start(DemoScene scene) {
    Site site = scene.site();
    Path databases = site.scratch().write("databases.yaml", NOWHERE);
    ControlPlaneProcess controlPlane =
        ControlPlaneProcess.sharing(
            "jdbc:postgresql://" + site.old().host() + ":" + site.old().port() + "/postgres",
            EmbeddedServer.SUPERUSER,
            databases,
            0);
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", controlPlane.port()).usePlaintext().build();
    MigrationServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .apply(ApplyRequest.newBuilder().setYaml(scene.subject().yaml()).build());
    SidecarProcess sidecar =
        SidecarProcess.start(
            site.scratch()
                .write("following.yaml", SidecarYaml.following(site, controlPlane.port())));
    return new CatalogScene(controlPlane, sidecar, channel, scene.subject().migration());
  }

  int port() {
    return controlPlane.port();
  }

  /** Sends so many, and waits until the control plane knows and understands all of them. */
  void sendReads(int count) throws SQLException {
    String url = Site.appUrl(sidecar.host(), sidecar.port()) + "&socketTimeout=30";
    try (Connection service = DriverManager.getConnection(url)) {
      for (int i = 0; i < count; i++) {
        try (PreparedStatement statement = service.prepareStatement(READS.get(i % READS.size()))) {
          statement.setLong(1, i + 1);
          try (ResultSet row = statement.executeQuery()) {
            row.next();
          }
        }
      }
    }
    Await.until(
        "the control plane knows all statements",
        BOUND,
        () -> readiness().getReads().getTranslatedFingerprints() == READS.size());
  }

  private Readiness readiness() {
    return ReadinessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .getReadiness(ReadinessRequest.newBuilder().setMigration(migration).build());
  }

  List<Evidence> evidence() {
    return EvidenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .listEvidence(ListEvidenceRequest.newBuilder().setMigration(migration).build())
        .getEvidenceList();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    sidecar.close();
    controlPlane.close();
  }
}
