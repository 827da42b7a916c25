package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.ControlPlaneSettings.Storage;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationServiceOverSocketIT extends MigrationServiceContract {
  private ControlPlane controlPlane;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws StartException, SQLException {
    controlPlane =
        ControlPlane.start(
            new ControlPlaneSettings("127.0.0.1", 0, new Storage.External(TestDatabases.create())),
            new LensFileCheck());
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    controlPlane.close();
  }

  @Override
  Channel channel() {
    return channel;
  }

  @Test
  void healthSaysServing() {
    for (String service :
        new String[] {"", "crossfade.v1.MigrationService", "crossfade.v1.SidecarService"}) {
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(10, TimeUnit.SECONDS)
                  .check(HealthCheckRequest.newBuilder().setService(service).build())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void reflectionListsTheServices() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    answer.cancel(false);
                  }
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(answer.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
        .extracting("name")
        .contains(
            "crossfade.v1.MigrationService",
            "crossfade.v1.SidecarService",
            "grpc.health.v1.Health");
    requests.onCompleted();
  }
}
