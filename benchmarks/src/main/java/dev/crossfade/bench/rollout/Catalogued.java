package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.EvidenceServiceGrpc;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.ReadinessRequest;
import dev.crossfade.api.v1.ReadinessServiceGrpc;
import dev.crossfade.api.v1.SubmitEvidenceRequest;
import dev.crossfade.net.tls.DialerTls;
import dev.crossfade.net.tls.TlsException;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A migration in a control plane's catalog. Blocks; fails with gRPC's exceptions. */
final class Catalogued implements AutoCloseable {
  private static final long ANSWER_MAX_SECONDS = 20;
  private static final int QUERIES_MAX = 1_000;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final String migration;

  /**
   * @param ca whose certificates are believed; null: clear text
   * @param token who calls; null for nobody. Is sent in clear text to this machine only
   */
  Catalogued(String address, @Nullable Path ca, @Nullable String token, String migration)
      throws TlsException {
    this.migration = migration;
    int colon = address.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("'" + address + "' is no HOST:PORT");
    }
    InetSocketAddress target =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(target.getHostString(), target.getPort());
    if (ca == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(
          DialerTls.load(new DialerTls.Source(Optional.of(ca), Optional.empty(), "h2")).context());
    }
    if (token != null) {
      boolean local = !target.isUnresolved() && target.getAddress().isLoopbackAddress();
      if (ca == null && !local) {
        throw new IllegalArgumentException(
            "a token is not sent to " + target.getHostString() + " in clear text: give --ca");
      }
      Metadata headers = new Metadata();
      headers.put(AUTHORIZATION, "Bearer " + token.strip());
      builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    this.channel = builder.build();
  }

  /** As it is now, with its file. */
  Migration now() {
    return MigrationServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS)
        .get(GetRequest.newBuilder().setName(migration).build())
        .getMigration();
  }

  /** What its sidecars have seen. */
  Readiness inventory() {
    return ReadinessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS)
        .getReadiness(
            ReadinessRequest.newBuilder().setMigration(migration).setLimit(QUERIES_MAX).build());
  }

  /** Gives it a verdict, and returns what it says to that. */
  String submit(BenchmarkVerdict verdict, String reason) {
    String user = String.valueOf(System.getProperty("user.name"));
    return EvidenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS)
        .submitEvidence(
            SubmitEvidenceRequest.newBuilder()
                .setVerdict(verdict)
                .setNote(ChangeNote.newBuilder().setActor(user).setReason(reason))
                .build())
        .getMessage();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
