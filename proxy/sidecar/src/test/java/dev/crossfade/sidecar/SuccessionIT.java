package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.testkit.net.Ports;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One process of the sidecar takes another one's place, and clients notice nothing. */
class SuccessionIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
  }

  private static Connection connect(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + port
            + "/shop?connectTimeout=20&socketTimeout=30&loginTimeout=20",
        Pair.USER,
        Pair.PASSWORD);
  }

  private static void read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT full_name FROM customers WHERE id = 3")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("Given3 Family3");
    }
  }

  /** Reads until it is told to end; any failure is the future's. */
  private static Future<?> reading(
      ExecutorService threads, int port, boolean stays, AtomicLong reads, AtomicBoolean ended) {
    return threads.submit(
        () -> {
          while (!ended.get()) {
            try (Connection connection = connect(port)) {
              do {
                read(connection);
                reads.incrementAndGet();
              } while (stays && !ended.get());
            }
          }
          return null;
        });
  }

  @Test
  void clientsThatStayAndClientsThatComeAndGoNoticeNothing() throws Exception {
    int port = Ports.unused();
    int admin = Ports.unused();
    String config = pair.upgradable(port, admin, "");
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    List<SidecarProcess> processes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      processes.add(SidecarProcess.start(pair, config));
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        clients.add(reading(threads, port, i % 2 == 0, reads, ended));
      }
      try {
        for (int i = 0; i < 2; i++) {
          awaitMore(reads, clients);
          processes.add(SidecarProcess.start(pair, config));
          assertThat(processes.getLast().get("/readyz").statusCode()).isEqualTo(200);
        }
        awaitMore(reads, clients);
        // Whom nobody needs any more ends by itself; the first one has clients that stay.
        assertThat(processes.get(1).child().awaitExit(SOON)).isZero();
        assertThat(processes.getFirst().child().alive()).isTrue();
      } finally {
        ended.set(true);
      }
      for (Future<?> client : clients) {
        client.get();
      }
      assertThat(processes.getFirst().child().awaitExit(SOON)).isZero();
      assertThat(processes.getLast().child().alive()).isTrue();
      try (Connection connection = connect(port)) {
        read(connection);
      }
      assertThat(String.join("\n", processes.getFirst().child().output()))
          .contains("Another process has taken over", "The admin port has moved")
          .doesNotContain("Exception", "ERROR");
    } finally {
      ended.set(true);
      processes.forEach(SidecarProcess::close);
    }
  }

  private static void awaitMore(AtomicLong reads, List<Future<?>> clients) {
    long before = reads.get();
    Await.until(
        "clients read",
        SOON,
        () -> reads.get() > before + 100 || clients.stream().anyMatch(Future::isDone));
    assertThat(clients).noneMatch(Future::isDone);
  }

  @Test
  void aSuccessorThatCannotStartChangesNothing() throws Exception {
    int port = Ports.unused();
    String config = pair.upgradable(port, Ports.unused(), "");
    try (Sidecar sidecar = pair.start(config);
        Connection stays = connect(port)) {
      read(stays);
      assertThatThrownBy(
              () -> pair.start(config.replace("port: " + port, "port: " + Ports.unused())).close())
          .isInstanceOf(StartException.class)
          .hasMessageEndingWith(
              " listen: the running sidecar listens at tcp:127.0.0.1:"
                  + port
                  + ", and that is what it hands over; keep the address, or stop that one first");
      assertThatThrownBy(
              () -> pair.start(config.replace("split-customers.yaml", "missing.yaml")).close())
          .hasMessageContaining("missing.yaml");
      read(stays);
      try (Connection comes = connect(port)) {
        read(comes);
      }
      // The one that has just left may still be counted.
      Await.until(
          "only the client that stays is left",
          SOON,
          () -> Pair.scrape(sidecar).contains("crossfade_sessions 1.0"));
    }
  }

  @Test
  void theUnixSocketGoesAlong() throws Exception {
    int port = Ports.unused();
    Path run = Files.createDirectories(pair.folder.resolve("run"));
    String config =
        pair.upgradable(port, Ports.unused(), "")
            .replace("port: " + port + "}", "port: " + port + ", socket: run}");
    String psql = Tools.require("psql");
    try (Sidecar first = pair.start(config)) {
      assertThat(psql(psql, run, port)).isEqualTo("500");
      try (Sidecar second = pair.start(config)) {
        first.awaitSuccessor();
        first.close();
        assertThat(psql(psql, run, port)).isEqualTo("500");
        assertThat(Pair.queries(second)).isPositive();
      }
    }
    assertThat(run).isEmptyDirectory();
    assertThat(pair.folder.resolve("next")).doesNotExist();
  }

  private static String psql(String program, Path run, int port) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            program,
            "-X",
            "-A",
            "-t",
            "-h",
            run.toString(),
            "-p",
            Integer.toString(port),
            "-U",
            Pair.USER,
            "-d",
            "shop",
            "-c",
            "SELECT count(*) FROM customers");
    builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.strip();
  }

  @Test
  void whoEndsWhileAnotherStartsLeavesItEverything() throws Exception {
    int port = Ports.unused();
    Path run = Files.createDirectories(pair.folder.resolve("left"));
    String config =
        pair.upgradable(port, Ports.unused(), "limits: {drain: 1s}")
            .replace("port: " + port + "}", "port: " + port + ", socket: left}");
    Sidecar first = pair.start(config);
    try (Sidecar second =
        Sidecar.prepare(
            ConfigFile.parse(config, pair.folder.resolve("sidecar.yaml").toString(), Map.of()),
            false)) {
      first.leavePlace();
      first.drain();
      first.close();
      assertThat(second.serve(Assertions::fail)).isTrue();
      assertThat(run.resolve(".s.PGSQL." + port)).exists();
      try (Connection connection = connect(port)) {
        read(connection);
      }
    } finally {
      first.close();
    }
    assertThat(run).isEmptyDirectory();
  }

  @Test
  void whoHasClientsIsNotDrainedBeforeTheyLeave() throws Exception {
    int port = Ports.unused();
    String config = pair.upgradable(port, Ports.unused(), "limits: {drain: 30s}");
    try (Sidecar sidecar = pair.start(config);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(drained(sidecar)).isEqualTo("ok\n");
      Future<String> drained;
      try (Connection stays = connect(port)) {
        drained = threads.submit(() -> drained(sidecar));
        for (int i = 0; i < 20; i++) {
          read(stays);
        }
        assertThat(drained.isDone()).isFalse();
      }
      assertThat(drained.get()).isEqualTo("ok\n");
    }
  }

  /** The answer, when there is one. */
  private static String drained(Sidecar sidecar) throws IOException {
    URI page = URI.create("http://127.0.0.1:" + sidecar.adminAddress().getPort() + "/drained");
    try (InputStream body = page.toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
