package dev.crossfade.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.Proof;
import dev.crossfade.api.v1.WhoAmIRequest;
import dev.crossfade.engine.access.Identity;
import dev.crossfade.engine.access.Role;
import dev.crossfade.engine.access.TokenSecret;
import dev.crossfade.server.TestDatabases;
import dev.crossfade.server.grpc.AccessGrpc;
import dev.crossfade.server.store.Database;
import dev.crossfade.server.store.TokenStore;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A front of the same process calls on behalf of others, and can do no more than they could. */
class CallerBehindIT {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.7");

  private Database database;
  private TokenStore store;
  private AccessControl access;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    database = Database.open(TestDatabases.create());
    store = new TokenStore(database.pool());
    access =
        AccessControl.start(
            new AccessControl.Settings(false, null, null), store, InstantSource.system());
    String name = "behind-" + UUID.randomUUID();
    server =
        InProcessServerBuilder.forName(name)
            .intercept(access)
            .addService(new AccessGrpc(store, access))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    access.close();
    database.close();
  }

  private AccessServiceGrpc.AccessServiceBlockingStub from(
      InetAddress peer, @Nullable String token) {
    return AccessServiceGrpc.newBlockingStub(channel)
        .withInterceptors(Caller.behind(peer, null, token));
  }

  @Test
  void whoHasNoTokenMayWhatItsAddressMay() {
    assertThat(from(HERE, null).whoAmI(WhoAmIRequest.getDefaultInstance()).getProof())
        .isEqualTo(Proof.PROOF_NONE);
    assertThatThrownBy(() -> from(ELSEWHERE, null).whoAmI(WhoAmIRequest.getDefaultInstance()))
        .hasMessageContaining("UNAUTHENTICATED");
    assertThatThrownBy(
            () ->
                AccessServiceGrpc.newBlockingStub(channel)
                    .whoAmI(WhoAmIRequest.getDefaultInstance()))
        .hasMessageContaining("UNAUTHENTICATED");
  }

  @Test
  void aTokenSaysWhoItIsAndFailuresAreCounted() throws Exception {
    TokenSecret secret = TokenSecret.make(new SecureRandom());
    assertThat(
            store.create(
                new TokenStore.Order(
                    secret.hash(),
                    new Identity("ada", Role.ADMIN, ""),
                    "test",
                    Duration.ofMinutes(5)),
                false))
        .isInstanceOf(TokenStore.Made.New.class);
    access.changed();
    assertThat(
            from(ELSEWHERE, secret.reveal()).whoAmI(WhoAmIRequest.getDefaultInstance()).getName())
        .isEqualTo("ada");
    assertThatThrownBy(() -> from(HERE, null).whoAmI(WhoAmIRequest.getDefaultInstance()))
        .hasMessageContaining("UNAUTHENTICATED");
    for (int i = 0; i < 30; i++) {
      assertThatThrownBy(
              () ->
                  from(ELSEWHERE, TokenSecret.make(new SecureRandom()).reveal())
                      .whoAmI(WhoAmIRequest.getDefaultInstance()))
          .isNotNull();
    }
    Map<LoginFailure, Long> failures = access.failures();
    assertThat(failures.get(LoginFailure.NOTHING_SHOWN)).isEqualTo(1);
    assertThat(failures.get(LoginFailure.UNKNOWN_TOKEN)).isEqualTo(20);
    assertThat(failures.get(LoginFailure.TOO_MANY)).isEqualTo(10);
  }
}
