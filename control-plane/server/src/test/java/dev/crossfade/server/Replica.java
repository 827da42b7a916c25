package dev.crossfade.server;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.RolloutServiceGrpc;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.SetStageRequest;
import dev.crossfade.api.v1.Sidecar;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.ControlPlaneSettings.Storage;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.server.move.MoveSteps;
import dev.crossfade.server.store.Database;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A control plane in this process with a channel to it over a real socket. */
final class Replica implements AutoCloseable {
  private final ControlPlane controlPlane;
  private final ManagedChannel channel;

  private Replica(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.port()).usePlaintext().build();
  }

  static Replica start(Database.Login login) throws StartException {
    return start(login, null);
  }

  /** One that does jobs on these databases. */
  static Replica start(Database.Login login, @Nullable DatabasesFile databases)
      throws StartException {
    return start(login, databases, step -> {});
  }

  /** One that tells of each step of a move. */
  static Replica start(Database.Login login, @Nullable DatabasesFile databases, MoveSteps steps)
      throws StartException {
    return new Replica(
        ControlPlane.start(
            new ControlPlaneSettings("127.0.0.1", 0, new Storage.External(login), databases),
            new LensFileCheck(),
            steps));
  }

  /** One that tells of more than moves, and has signals. */
  static Replica start(Database.Login login, @Nullable DatabasesFile databases, Watching watching)
      throws StartException {
    return new Replica(
        ControlPlane.start(
            new ControlPlaneSettings("127.0.0.1", 0, new Storage.External(login), databases),
            new LensFileCheck(),
            watching));
  }

  RolloutServiceGrpc.RolloutServiceBlockingStub rollouts() {
    return RolloutServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  /** Another connection, for the caller to shut down. */
  ManagedChannel newChannel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.port()).usePlaintext().build();
  }

  /** Where it answers over HTTP. */
  URI admin() throws IOException {
    InetSocketAddress address = controlPlane.serveAdmin(new InetSocketAddress("127.0.0.1", 0));
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  ManagedChannel channel() {
    return channel;
  }

  MigrationServiceGrpc.MigrationServiceBlockingStub migrations() {
    return MigrationServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  long apply(String name) {
    return migrations()
        .apply(
            ApplyRequest.newBuilder().setYaml(MigrationFiles.named(name)).setSource(name).build())
        .getMigration()
        .getVersion();
  }

  long stage(String name, Stage stage) {
    return migrations()
        .setStage(SetStageRequest.newBuilder().setName(name).setStage(stage).build())
        .getMigration()
        .getVersion();
  }

  long reads(String name, int buckets) {
    return migrations()
        .setReadPercent(
            SetReadPercentRequest.newBuilder().setName(name).setReadBuckets(buckets).build())
        .getMigration()
        .getVersion();
  }

  List<Sidecar> sidecars() {
    return SidecarServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .listSidecars(ListSidecarsRequest.getDefaultInstance())
        .getSidecarsList();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    controlPlane.close();
  }
}
