package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.CreateTokenResponse;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.Hello;
import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.Proof;
import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.api.v1.Role;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.WhoAmIRequest;
import dev.crossfade.api.v1.WhoAmIResponse;
import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.ControlPlaneSettings.Access;
import dev.crossfade.server.store.Database;
import dev.crossfade.testkit.tls.Authority;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Who is let in, under which name, and for how long. */
class AccessIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static AccessServiceGrpc.AccessServiceBlockingStub access(Channel channel) {
    return AccessServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static WhoAmIResponse whoAmI(Channel channel) {
    return access(channel).whoAmI(WhoAmIRequest.getDefaultInstance());
  }

  private static Status.Code outcome(Channel channel) {
    return outcome(access(channel));
  }

  private static Status.Code outcome(AccessServiceGrpc.AccessServiceBlockingStub stub) {
    try {
      return stub.whoAmI(WhoAmIRequest.getDefaultInstance()).getName().isEmpty()
          ? Status.Code.UNKNOWN
          : Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static CreateTokenRequest order(String name, Role role) {
    return CreateTokenRequest.newBuilder().setName(name).setRole(role).build();
  }

  private static <T extends AbstractStub<T>> T with(T stub, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static String actor(Channel channel, String migration) {
    return MigrationServiceGrpc.newBlockingStub(channel)
        .get(GetRequest.newBuilder().setName(migration).setHistoryLimit(1).build())
        .getHistory(0)
        .getActor();
  }

  private static void apply(Channel channel, String name, String actor) {
    assertThat(
            MigrationServiceGrpc.newBlockingStub(channel)
                .apply(
                    ApplyRequest.newBuilder()
                        .setYaml(MigrationFiles.named(name))
                        .setNote(ChangeNote.newBuilder().setActor(actor))
                        .build())
                .getChanged())
        .isTrue();
  }

  /** A sidecar's stream. */
  private static final class Follower implements StreamObserver<ControlMessage> {
    private final CountDownLatch heard = new CountDownLatch(1);
    private final AtomicReference<@Nullable Status> ended = new AtomicReference<>();

    static Follower follow(Channel channel, String service) {
      Follower follower = new Follower();
      SidecarServiceGrpc.newStub(channel)
          .connect(follower)
          .onNext(
              SidecarMessage.newBuilder()
                  .setHello(Hello.newBuilder().setService(service).setInstance("pod-1"))
                  .build());
      return follower;
    }

    void awaitHeard() throws InterruptedException {
      assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
    }

    Status awaitEnd() {
      await().atMost(SOON).until(() -> ended.get() != null);
      return Objects.requireNonNull(ended.get());
    }

    @Override
    public void onNext(ControlMessage message) {
      heard.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      ended.set(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ended.set(Status.OK);
    }
  }

  @Test
  void withoutAnyTokenWhoeverIsOnThisMachineMayDoEverythingUntilThereIsOne() throws Exception {
    try (Replica open = Replica.start(TestDatabases.create())) {
      assertThat(whoAmI(open.channel()).getProof()).isEqualTo(Proof.PROOF_NONE);
      assertThat(whoAmI(open.channel()).getRole()).isEqualTo(Role.ROLE_ADMIN);
      apply(open.channel(), "orders", "ada");
      assertThat(actor(open.channel(), "orders")).isEqualTo("ada");
      Follower sidecar = Follower.follow(open.newChannel(), "shop");
      sidecar.awaitHeard();

      assertThatThrownBy(() -> access(open.channel()).createToken(order("eve", Role.ROLE_VIEWER)))
          .hasMessageContaining("the first token is to be an admin's");
      CreateTokenResponse first =
          access(open.channel()).createToken(order("root", Role.ROLE_ADMIN));
      assertThat(first.getLoginRequiredNow()).isTrue();

      assertThatThrownBy(() -> whoAmI(open.channel()))
          .hasMessageContaining("UNAUTHENTICATED")
          .hasMessageContaining("say who you are");
      assertThat(sidecar.awaitEnd().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      WhoAmIResponse me =
          with(access(open.channel()), first.getSecret())
              .whoAmI(WhoAmIRequest.getDefaultInstance());
      assertThat(me.getName()).isEqualTo("root");
      assertThat(me.getProof()).isEqualTo(Proof.PROOF_TOKEN);
    }
  }

  @Test
  void whoHasSaidWhoItIsIsTheActorAndCanNotBeSomebodyElse() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      ManagedChannel ci =
          scene.channel("Bearer " + scene.token("ci", Role.ROLE_OPERATOR, ""), null);
      apply(ci, "orders", "");
      assertThat(actor(ci, "orders")).isEqualTo("ci");
      apply(ci, "invoices", "ada");
      assertThat(actor(ci, "invoices")).isEqualTo("ci (for ada)");
      apply(ci, "parcels", "x".repeat(128));
      assertThat(actor(ci, "parcels")).startsWith("ci (for xxx").hasSize(128);
    }
  }

  @Test
  void aSidecarOfOneServiceCanNotPoseAsAnother() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      ManagedChannel shop =
          scene.channel("Bearer " + scene.token("shop", Role.ROLE_SIDECAR, "shop"), null);
      Follower.follow(shop, "shop").awaitHeard();
      Status refused = Follower.follow(shop, "billing").awaitEnd();
      assertThat(refused.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(refused.getDescription()).contains("of the service shop only");
      ManagedChannel pod =
          scene.channel(null, scene.authority().issue("pod", "shop.sidecars.example"));
      Follower.follow(pod, "shop").awaitHeard();
      assertThat(Follower.follow(pod, "billing").awaitEnd().getCode())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void aTokenThatIsRevokedEndsItsStreamsOnEveryReplica() throws Exception {
    try (AccessScene scene = AccessScene.start();
        ControlPlane other = scene.start(scene.login())) {
      CreateTokenResponse made = scene.admin().createToken(order("pods", Role.ROLE_SIDECAR));
      String bearer = "Bearer " + made.getSecret();
      Follower here = Follower.follow(scene.channel(bearer, null), "shop");
      Follower there = Follower.follow(scene.channel(other, bearer, null), "shop");
      here.awaitHeard();
      there.awaitHeard();
      assertThat(
              scene
                  .admin()
                  .revokeToken(
                      RevokeTokenRequest.newBuilder().setId(made.getToken().getId()).build())
                  .getToken()
                  .getRevokedBy())
          .isEqualTo("root");
      for (Follower follower : new Follower[] {here, there}) {
        assertThat(follower.awaitEnd().getDescription()).contains("of pods was revoked");
      }
    }
  }

  @Test
  void whoIsTakenOutOfTheAccessFileIsSentAway() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      Follower pod =
          Follower.follow(
              scene.channel(null, scene.authority().issue("pod", "shop.sidecars.example")), "shop");
      pod.awaitHeard();
      Files.writeString(
          scene.folder().resolve("access.yaml"),
          "certificates:\n  - {subject: \"CN=root\", name: root, role: admin}\n");
      assertThat(pod.awaitEnd().getDescription())
          .contains("does not name the certificate of \"CN=pod\"");
    }
  }

  @Test
  void aNewCertificateOfTheServerIsShownFromThenOn() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      assertThat(scene.admin().whoAmI(WhoAmIRequest.getDefaultInstance()).getProof())
          .isEqualTo(Proof.PROOF_CERTIFICATE);
      Authority another = Authority.create("Another authority");
      scene.write(another.issue("control plane", "127.0.0.1"), "server");
      // Clients believe the first authority alone.
      await()
          .atMost(SOON)
          .until(() -> outcome(scene.channel(null, null)) == Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void guessesAreNotLookedAtAfterSomeAndAKnownTokenPassesAllTheSame() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      String known = scene.token("ada", Role.ROLE_VIEWER, "");
      ManagedChannel channel = scene.channel(null, null);
      Status.Code last = Status.Code.OK;
      for (int i = 0; i < 40; i++) {
        last = outcome(with(access(channel), AccessScene.noToken()));
      }
      assertThat(last).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(with(access(channel), known).whoAmI(WhoAmIRequest.getDefaultInstance()).getName())
          .isEqualTo("ada");
    }
  }

  @Test
  void whatIsListedHasNoSecretInIt() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      String secret = scene.token("ada", Role.ROLE_OPERATOR, "");
      String listed = scene.admin().listTokens(ListTokensRequest.getDefaultInstance()).toString();
      assertThat(listed).contains("ada").doesNotContain(secret).doesNotContain("cf_");
    }
  }

  @Test
  void clearTextIsServedWhereOthersCanListenOnlyWhenItIsSaidAndThenLoginIsRequired()
      throws Exception {
    Database.Login login = TestDatabases.create();
    assertThatThrownBy(() -> start("0.0.0.0", login, Access.USUAL).close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("--tls-cert")
        .hasMessageContaining("--allow-clear-text");
    try (ControlPlane open = start("0.0.0.0", login, new Access(false, null, null, true))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", open.port()).usePlaintext().build();
      assertThatThrownBy(() -> whoAmI(channel)).hasMessageContaining("UNAUTHENTICATED");
      StringWriter out = new StringWriter();
      CommandLine command = ControlPlaneMain.commandLine(environment(login));
      command.setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
      assertThat(
              command.execute(
                  "token",
                  "--name",
                  "first",
                  "--jdbc-url",
                  login.jdbcUrl(),
                  "--db-user",
                  String.valueOf(login.user())))
          .isZero();
      WhoAmIResponse me =
          with(access(channel), out.toString().strip()).whoAmI(WhoAmIRequest.getDefaultInstance());
      assertThat(me.getName()).isEqualTo("first");
      assertThat(me.getRole()).isEqualTo(Role.ROLE_ADMIN);
      channel.shutdownNow();
    }
  }

  private static Map<String, String> environment(Database.Login login) {
    return Map.of("CROSSFADE_DB_PASSWORD", String.valueOf(login.password()));
  }

  private static ControlPlane start(String host, Database.Login login, Access access)
      throws StartException {
    return ControlPlane.start(
        new ControlPlaneSettings(
            host, 0, new ControlPlaneSettings.Storage.External(login), null, null, access),
        new LensFileCheck());
  }
}
