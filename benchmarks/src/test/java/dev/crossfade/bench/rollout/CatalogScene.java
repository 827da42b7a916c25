package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.Evidence;
import dev.crossfade.api.v1.EvidenceServiceGrpc;
import dev.crossfade.api.v1.ListEvidenceRequest;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.bench.demo.ControlPlaneProcess;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The demo's migration in a control plane, and what the control plane was told of it. */
final class CatalogScene implements AutoCloseable {
  private static final String NOWHERE =
      """
      default:
        old: {url: 'postgresql://127.0.0.1:1/a'}
        new: {url: 'postgresql://127.0.0.1:1/b'}
      """;

  private final ControlPlaneProcess controlPlane;
  private final ManagedChannel channel;
  private final String migration;

  private CatalogScene(ControlPlaneProcess controlPlane, ManagedChannel channel, String migration) {
    this.controlPlane = controlPlane;
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
    return new CatalogScene(controlPlane, channel, scene.subject().migration());
  }

  int port() {
    return controlPlane.port();
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
    controlPlane.close();
  }
}
