package dev.crossfade.server.console.calls;

import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.AccessServiceGrpc.AccessServiceBlockingStub;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.AuditServiceGrpc.AuditServiceBlockingStub;
import dev.crossfade.api.v1.DeadLetterServiceGrpc;
import dev.crossfade.api.v1.DeadLetterServiceGrpc.DeadLetterServiceBlockingStub;
import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.JobServiceGrpc.JobServiceBlockingStub;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.crossfade.api.v1.MigrationServiceGrpc.MigrationServiceStub;
import dev.crossfade.api.v1.ReadinessServiceGrpc;
import dev.crossfade.api.v1.ReadinessServiceGrpc.ReadinessServiceBlockingStub;
import dev.crossfade.api.v1.Role;
import dev.crossfade.api.v1.RolloutServiceGrpc;
import dev.crossfade.api.v1.RolloutServiceGrpc.RolloutServiceBlockingStub;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.SidecarServiceGrpc.SidecarServiceBlockingStub;
import dev.crossfade.api.v1.SignalServiceGrpc;
import dev.crossfade.api.v1.SignalServiceGrpc.SignalServiceBlockingStub;
import dev.crossfade.api.v1.WhoAmIRequest;
import dev.crossfade.api.v1.WhoAmIResponse;
import dev.crossfade.server.access.Caller;
import dev.crossfade.server.console.http.Peer;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The services, called in the name of one caller, each call bounded in time. */
public final class Calls {
  private static final Duration USUAL = Duration.ofSeconds(10);

  /** Of what asks the databases of a migration. */
  private static final Duration SLOW = Duration.ofSeconds(20);

  private final Channel channel;

  /**
   * @param peer where the caller is, and its certificate
   * @param token who calls; null for somebody who has not logged in
   */
  public Calls(Channel channel, Peer peer, @Nullable String token) {
    this.channel =
        ClientInterceptors.intercept(
            channel, Caller.behind(peer.address(), peer.certificate(), token));
  }

  /** Who calls, as the control plane sees it. */
  public Identity identity() {
    WhoAmIResponse who = access().whoAmI(WhoAmIRequest.getDefaultInstance());
    return new Identity(
        who.getName(),
        who.getRole() == Role.ROLE_OPERATOR || who.getRole() == Role.ROLE_ADMIN,
        who.getRole() == Role.ROLE_ADMIN);
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

  public AccessServiceBlockingStub access() {
    return AccessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
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

  public DeadLetterServiceBlockingStub deadLetters() {
    return DeadLetterServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SLOW.toMillis(), TimeUnit.MILLISECONDS);
  }

  public ReadinessServiceBlockingStub readiness() {
    return ReadinessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  public SignalServiceBlockingStub signals() {
    return SignalServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  public RolloutServiceBlockingStub rollouts() {
    return RolloutServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  public AuditServiceBlockingStub audit() {
    return AuditServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What a service answers; empty where it has nothing to say of that, or is not offered. */
  public <T> Optional<T> offered(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNIMPLEMENTED, NOT_FOUND -> Optional.empty();
        default -> throw e;
      };
    }
  }

  /** The rows of what a service lists; none where it has nothing to say of that. */
  public <T, R> List<R> listed(Function<Calls, List<T>> call, Function<T, R> row) {
    return offered(() -> call.apply(this))
        .map(found -> found.stream().map(row).toList())
        .orElse(List.of());
  }

  public SidecarServiceBlockingStub sidecars() {
    return SidecarServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(USUAL.toMillis(), TimeUnit.MILLISECONDS);
  }
}
