package dev.crossfade.server;

import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.Role;
import dev.crossfade.engine.access.TokenSecret;
import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.net.tls.DialerTls;
import dev.crossfade.server.access.NamesFile;
import dev.crossfade.server.access.ServerTls;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.server.store.Database;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.tls.Identity;
import io.grpc.Attributes;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A control plane behind TLS that asks who calls, with a certificate authority of its own. */
final class AccessScene implements AutoCloseable {
  private static final String NAMES =
      """
      certificates:
        - {subject: "CN=vera", name: vera, role: viewer}
        - {dns: shop.sidecars.example, name: shop-sidecar, role: sidecar, service: shop}
        - {subject: "CN=root", name: root, role: admin}
      """;

  private final Path folder;
  private final Authority authority = Authority.create("Crossfade tests");
  private final Database.Login login;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicInteger addresses = new AtomicInteger();
  private final ControlPlane controlPlane;

  private AccessScene() throws Exception {
    folder = TestDatabases.directory("access");
    login = TestDatabases.create();
    write(authority.issue("control plane", "127.0.0.1", "localhost"), "server");
    Files.writeString(folder.resolve("ca.crt"), authority.pem());
    Files.writeString(folder.resolve("access.yaml"), NAMES);
    controlPlane = start(login);
  }

  static AccessScene start() throws Exception {
    return new AccessScene();
  }

  ControlPlane start(Database.Login place) throws Exception {
    return start(place, null);
  }

  /** Another one, with a console if one says where. */
  ControlPlane start(Database.Login place, @Nullable HttpSettings console) throws Exception {
    return ControlPlane.start(
        new ControlPlaneSettings(
            "127.0.0.1",
            0,
            new ControlPlaneSettings.Storage.External(place),
            null,
            null,
            new ControlPlaneSettings.Access(
                false,
                NamesFile.load(folder.resolve("access.yaml")),
                ServerTls.load(
                    new ServerTls.Files(
                        folder.resolve("server.crt"),
                        folder.resolve("server.key"),
                        Optional.of(folder.resolve("ca.crt")))),
                false),
            console),
        new LensFileCheck());
  }

  ControlPlane controlPlane() {
    return controlPlane;
  }

  Database.Login login() {
    return login;
  }

  Path folder() {
    return folder;
  }

  Authority authority() {
    return authority;
  }

  void write(Identity identity, String name) throws IOException {
    identity.write(folder, name);
  }

  /** A channel from an address of its own: failures are counted by address. */
  ManagedChannel channel(@Nullable String authorization, @Nullable Identity shown)
      throws Exception {
    return channel(controlPlane, authorization, shown);
  }

  ManagedChannel channel(ControlPlane to, @Nullable String authorization, @Nullable Identity shown)
      throws Exception {
    int number = addresses.incrementAndGet();
    Optional<DialerTls.Shown> own = Optional.empty();
    if (shown != null) {
      write(shown, "client" + number);
      own =
          Optional.of(
              new DialerTls.Shown(
                  folder.resolve("client" + number + ".crt"),
                  folder.resolve("client" + number + ".key")));
    }
    DialerTls tls =
        DialerTls.load(new DialerTls.Source(Optional.of(folder.resolve("ca.crt")), own, "h2"));
    InetAddress from = InetAddress.ofLiteral("127.3." + number / 250 + '.' + (1 + number % 250));
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress("127.0.0.1", to.port())
            .localSocketPicker(
                new NettyChannelBuilder.LocalSocketPicker() {
                  @Override
                  public SocketAddress createSocketAddress(
                      SocketAddress remote, Attributes attributes) {
                    return new InetSocketAddress(from, 0);
                  }
                })
            .sslContext(tls.context());
    if (authorization != null) {
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
      builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    ManagedChannel channel = builder.build();
    channels.add(channel);
    return channel;
  }

  /** Somebody whom the access file makes an admin. */
  AccessServiceGrpc.AccessServiceBlockingStub admin() throws Exception {
    return AccessServiceGrpc.newBlockingStub(channel(null, authority.issue("root")));
  }

  /** Makes a token. */
  String token(String name, Role role, String service) throws Exception {
    return admin()
        .createToken(
            CreateTokenRequest.newBuilder().setName(name).setRole(role).setService(service).build())
        .getSecret();
  }

  /** What looks like a token and is none. */
  static String noToken() {
    return TokenSecret.make(new SecureRandom()).reveal();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    controlPlane.close();
  }
}
