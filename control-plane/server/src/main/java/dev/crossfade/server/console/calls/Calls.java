package dev.crossfade.server.console.calls;

import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.JobServiceGrpc.JobServiceBlockingStub;
import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceStub;
import dev.crossfade.api.v1.ReadinessServiceGrpc;
import dev.crossfade.api.v1.ReadinessServiceGrpc.ReadinessServiceBlockingStub;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.SidecarServiceGrpc.SidecarServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The services, called in the name of one caller, each call bounded in time. */
public final class Calls {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Duration USUAL = Duration.ofSeconds(10);

  private final Channel channel;

  /**
   * @param token who calls; null for somebody who has not logged in
   */
  public Calls(Channel channel, @Nullable String token) {
    this.channel = token == null ? channel : withToken(channel, token);
  }

  private static Channel withToken(Channel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Who calls, as the control plane sees it. */
  public Identity identity() {
    // Whoever may read the catalog may come in; what he may do beyond that each service decides.
    migrations().list(ListRequest.getDefaultInstance());
    return Identity.LOCAL;
  }

  /**
   * Returns when the catalog can be read, whoever asks.
   *
   * @throws StatusRuntimeException when it cannot
   */
  public void health() {
    ServingStatus status =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS)
            .check(
                HealthCheckRequest.newBuilder()
                    .setService(MigrationServiceGrpc.SERVICE_NAME)
                    .build())
            .getStatus();
    if (status != ServingStatus.SERVING) {
      throw Status.UNAVAILABLE.withDescription("the catalog cannot be read").asRuntimeException();
    }
  }

  public MigrationServiceBlockingStub migrations() {
    return migrations(USUAL);
  }

  /** For a call that may wait for a move. */
  public MigrationServiceBlockingStub migrations(Duration deadline) {
    return MigrationServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For streams, which have no deadline. */
  public MigrationServiceStub migrationStreams() {
    return MigrationServiceGrpc.newStub(channel);
  }

  public JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  public ReadinessServiceBlockingStub readiness() {
    return ReadinessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  public SidecarServiceBlockingStub sidecars() {
    return SidecarServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }
}
