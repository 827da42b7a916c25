package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.testkit.net.Ports;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.wire.Messages;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients on the same machine come by a UNIX socket. */
class SocketListenerIT {
  private static final String USER = "app";
  private static final String PASSWORD = "s ecret";

  private static EmbeddedServer server;

  @TempDir private Path folder;
  private int port;
  private Path socket = Path.of("");

  @BeforeAll
  static void start() {
    server = EmbeddedServer.builder().role(USER, PASSWORD).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void choosePort() throws IOException {
    port = Ports.unused();
    socket = folder.resolve("run/.s.PGSQL." + port);
    Files.createDirectory(folder.resolve("run"));
  }

  private SidecarConfig config(String tls) throws Exception {
    return OneServer.config(folder, server, "port: " + port + ", socket: run" + tls, "");
  }

  @Test
  void psqlPrintsTheSameByBothWays() throws Exception {
    String psql = Tools.require("psql");
    try (Sidecar sidecar = Sidecar.start(config(""))) {
      assertThat(sidecar.address().getPort()).isEqualTo(port);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rwxrwxrwx");
      String direct = psql(psql, server.host(), server.port());
      assertThat(direct).contains("app|100000");
      assertThat(psql(psql, folder.resolve("run").toString(), port)).isEqualTo(direct);
      assertThat(psql(psql, "127.0.0.1", port)).isEqualTo(direct);
    }
    assertThat(folder.resolve("run")).isEmptyDirectory();
  }

  private static String psql(String program, String host, int port) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    program,
                    "-X",
                    "-A",
                    "-t",
                    "-h",
                    host,
                    "-p",
                    Integer.toString(port),
                    "-U",
                    USER,
                    "-d",
                    "postgres",
                    "-c",
                    "SELECT current_user, count(*) FROM generate_series(1, 100000)",
                    "-c",
                    "SELECT repeat(i::text, 100) FROM generate_series(1, 20000) i",
                    "-c",
                    "SELECT nothing"))
            .redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", PASSWORD);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  /** As on the server, where a socket is never encrypted and never needs to be. */
  @Test
  void encryptionIsNeitherOfferedNorDemanded() throws Exception {
    Authority.create("root").issue("sidecar", "127.0.0.1").write(folder, "sidecar");
    try (Sidecar sidecar =
            Sidecar.start(
                config(", tls: {certificate: sidecar.crt, key: sidecar.key, required: true}"));
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      assertThat(sidecar.address().getPort()).isEqualTo(port);
      client.write(ByteBuffer.wrap(Messages.sslRequest()));
      ByteBuffer answer = ByteBuffer.allocate(1);
      client.read(answer);
      assertThat(answer.get(0)).isEqualTo((byte) 'N');
      client.write(ByteBuffer.wrap(Messages.startup(Map.of("user", "postgres"))));
      answer.clear();
      client.read(answer);
      assertThat(answer.get(0)).isEqualTo((byte) 'R');
    }
  }

  @Test
  void theSocketOfADeadProcessIsReplaced() throws Exception {
    // Closing does not remove the file, as dying does not.
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }
    Files.writeString(folder.resolve("run/.s.PGSQL." + port + ".lock"), "1234567\n");
    assertThat(socket).exists();
    try (Sidecar sidecar = Sidecar.start(config(""));
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      assertThat(sidecar.address().getPort()).isEqualTo(port);
      assertThat(client.isConnected()).isTrue();
      assertThat(folder.resolve("run/.s.PGSQL." + port + ".lock"))
          .hasContent(Long.toString(ProcessHandle.current().pid()));
    }
  }

  @Test
  void theSocketOfALivingProcessIsLeftAlone() throws Exception {
    try (ServerSocketChannel living = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      living.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(() -> Sidecar.start(config("")))
          .hasMessageContainingAll("listen: ", socket.toString(), "another process listens there");
      assertThat(socket).exists();
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
    }
  }

  @Test
  void whatIsNoSocketIsLeftAlone() throws Exception {
    Files.writeString(socket, "precious");
    assertThatThrownBy(() -> Sidecar.start(config("")))
        .hasMessageContainingAll(socket.toString(), "no socket");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void aPlaceThatCannotBeIsToldOf() throws Exception {
    Files.delete(folder.resolve("run"));
    assertThatThrownBy(() -> Sidecar.start(config("")))
        .hasMessageContainingAll(socket.toString(), "no such directory");
    Files.createDirectory(folder.resolve("run"));
    String deep = "d".repeat(110);
    Files.createDirectory(folder.resolve(deep));
    SidecarConfig tooLong = OneServer.config(folder, server, "port: 0, socket: " + deep, "");
    assertThatThrownBy(() -> Sidecar.start(tooLong)).hasMessageContainingAll(deep, "107");
  }
}
