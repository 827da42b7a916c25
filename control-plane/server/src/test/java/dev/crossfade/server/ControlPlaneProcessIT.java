package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.GetRequest;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.server.store.Database;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The control plane as a process: how it starts, how it fails, how it dies. */
class ControlPlaneProcessIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private Path work;

  @BeforeEach
  void makeWorkDirectory() throws IOException {
    work = TestDatabases.directory("process");
  }

  @Test
  void killedAndStartedAgainOnTheSameDirectoryItKeepsItsState() throws Exception {
    String data = work.resolve("data").toString();
    List<ProcessHandle> children;
    try (ChildProcess first =
        ChildProcess.start(work, Map.of(), "--listen", "127.0.0.1:0", "--data-dir", data)) {
      onPort(
          first.awaitPort(),
          service -> {
            service.apply(
                ApplyRequest.newBuilder().setYaml(MigrationFiles.named("orders")).build());
            service.setReadPercent(
                SetReadPercentRequest.newBuilder()
                    .setName("orders")
                    .setReadBuckets(33_000)
                    .build());
          });
      children = first.descendants();
      assertThat(children).hasSizeGreaterThan(2);
      first.kill();
    }
    await().atMost(SOON).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));

    try (ChildProcess second =
        ChildProcess.start(work, Map.of(), "--listen", "127.0.0.1:0", "--data-dir", data)) {
      onPort(
          second.awaitPort(),
          service -> {
            GetResponse response =
                service.get(GetRequest.newBuilder().setName("orders").setHistoryLimit(9).build());
            assertThat(response.getMigration().getReadBuckets()).isEqualTo(33_000);
            assertThat(response.getMigration().getVersion()).isEqualTo(2);
            assertThat(response.getHistoryCount()).isEqualTo(2);
          });
      List<ProcessHandle> mine = second.descendants();
      second.terminate();
      assertThat(second.awaitExit()).isEqualTo(128 + 15);
      assertThat(mine).noneMatch(ProcessHandle::isAlive);
      assertThat(second.err()).doesNotContain("ERROR").doesNotContain("Exception");
    }
  }

  @Test
  void aControlPlaneAndItsServersKilledTogetherStartAgain() throws Exception {
    String data = work.resolve("data").toString();
    ProcessHandle orphan;
    try (ChildProcess first =
        ChildProcess.start(work, Map.of(), "--listen", "127.0.0.1:0", "--data-dir", data)) {
      onPort(
          first.awaitPort(),
          service ->
              service.apply(
                  ApplyRequest.newBuilder().setYaml(MigrationFiles.named("orders")).build()));
      // The shells first, so that nothing stops the server: it stays behind as an orphan.
      List<ProcessHandle> descendants = first.descendants();
      orphan =
          descendants.stream()
              .filter(child -> child.info().command().orElse("").endsWith("/postgres"))
              .filter(
                  child ->
                      child
                          .parent()
                          .flatMap(parent -> parent.info().command())
                          .orElse("")
                          .endsWith("sh"))
              .findFirst()
              .orElseGet(() -> postmaster(descendants));
      for (ProcessHandle child : descendants) {
        if (!child.info().command().orElse("").endsWith("/postgres")) {
          child.destroyForcibly();
        }
      }
      first.kill();
    }
    assertThat(orphan.isAlive()).isTrue();
    try (ChildProcess second =
        ChildProcess.start(work, Map.of(), "--listen", "127.0.0.1:0", "--data-dir", data)) {
      onPort(
          second.awaitPort(),
          service ->
              assertThat(
                      service
                          .get(GetRequest.newBuilder().setName("orders").build())
                          .getMigration()
                          .getVersion())
                  .isEqualTo(1));
      assertThat(isRunning(orphan)).isFalse();
      second.terminate();
      second.awaitExit();
    }
  }

  /** A dead process that its parent has not yet asked about still has a handle that is alive. */
  private static boolean isRunning(ProcessHandle process) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return process.isAlive() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static ProcessHandle postmaster(List<ProcessHandle> descendants) {
    return descendants.stream()
        .filter(child -> child.info().command().orElse("").endsWith("/postgres"))
        .filter(child -> child.children().findAny().isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withAJdbcUrlItKeepsItsStateThereAndTakesThePasswordFromTheEnvironment() throws Exception {
    Database.Login login = TestDatabases.create();
    try (ChildProcess process =
        ChildProcess.start(
            work,
            Map.of("CROSSFADE_DB_PASSWORD", String.valueOf(login.password())),
            "--listen=127.0.0.1:0",
            "--jdbc-url=" + login.jdbcUrl(),
            "--db-user=" + login.user())) {
      onPort(
          process.awaitPort(),
          service ->
              service.apply(
                  ApplyRequest.newBuilder().setYaml(MigrationFiles.named("orders")).build()));
      assertThat(process.descendants()).isEmpty();
      process.terminate();
      process.awaitExit();
      assertThat(process.out() + process.err()).doesNotContain(String.valueOf(login.password()));
    }
  }

  @Test
  void whatIsWrongIsOneLineAndExitCodeTwo() throws Exception {
    Database.Login login = TestDatabases.create();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertStartFails(
          "cannot listen on "
              + address
              + ": Address already in use; choose another address with --listen",
          Map.of("CROSSFADE_DB_PASSWORD", String.valueOf(login.password())),
          "--listen=" + address,
          "--jdbc-url=" + login.jdbcUrl(),
          "--db-user=" + login.user());
      taken.close();
      assertStartFails(
          "the control plane's database cannot be reached",
          Map.of(),
          "--listen=127.0.0.1:0",
          "--jdbc-url=jdbc:postgresql://" + address + "/x");
    }
    assertStartFails(
        "the JDBC URL is not one of PostgreSQL",
        Map.of(),
        "--listen=127.0.0.1:0",
        "--jdbc-url=jdbc:mysql://x/y");
    assertStartFails(
        "password authentication failed",
        Map.of("CROSSFADE_DB_PASSWORD", "wrong"),
        "--listen=127.0.0.1:0",
        "--jdbc-url=" + login.jdbcUrl(),
        "--db-user=" + login.user());
    assertStartFails(
        "'nowhere' is no address to listen on", Map.of(), "--listen=nowhere", "--data-dir=" + work);
    assertStartFails(
        "nowhere.yaml cannot be read",
        Map.of(),
        "--listen=127.0.0.1:0",
        "--databases=nowhere.yaml");
    Path file = Files.createFile(work.resolve("file"));
    assertStartFails("is no directory", Map.of(), "--listen=127.0.0.1:0", "--data-dir=" + file);
    assertStartFails(
        "cannot be written", Map.of(), "--listen=127.0.0.1:0", "--data-dir=/proc/crossfade");
  }

  private void assertStartFails(String part, Map<String, String> environment, String... arguments)
      throws Exception {
    try (ChildProcess process = ChildProcess.start(work, environment, arguments)) {
      assertThat(process.awaitExit()).as(part).isEqualTo(2);
      assertThat(process.err().lines().toList()).as("stderr of %s", part).hasSize(1);
      assertThat(process.err()).startsWith("control-plane: ").contains(part);
      assertThat(process.out()).isEmpty();
    }
  }

  @Test
  void aDataDirectoryIsUsedByOneAtATime() throws Exception {
    String data = work.resolve("data").toString();
    try (ChildProcess first =
        ChildProcess.start(work, Map.of(), "--listen", "127.0.0.1:0", "--data-dir", data)) {
      first.awaitPort();
      assertStartFails(
          "another control plane uses the data directory",
          Map.of(),
          "--listen=127.0.0.1:0",
          "--data-dir=" + data);
      first.terminate();
      first.awaitExit();
    }
  }

  /** Calls on a connection. */
  private interface Calls {
    void on(MigrationServiceGrpc.MigrationServiceBlockingStub service);
  }

  private static void onPort(int port, Calls calls) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      calls.on(
          MigrationServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow();
    }
  }
}
