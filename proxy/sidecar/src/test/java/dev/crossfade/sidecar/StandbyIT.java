package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.net.handover.Heirloom;
import dev.crossfade.net.handover.Takeover;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.testkit.net.Ports;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process stands by, and lets clients in when the one that runs has ended, however it did. */
class StandbyIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String READY = "sidecar ready on";
  private static final String STANDS_BY = "sidecar standing by on";

  private static Pair pair;

  private int port;
  private int admin;
  private String config = "";

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
  }

  @BeforeEach
  void choosePorts() throws IOException {
    port = Ports.unused();
    admin = Ports.unused();
    config = pair.upgradable(port, admin, "");
  }

  private ChildJvm.Builder standby() throws IOException {
    return SidecarProcess.described(pair, config).arguments("--standby");
  }

  private ChildJvm running() throws IOException {
    return standby().readyWhenPrints(READY).start();
  }

  private ChildJvm standingBy() throws IOException {
    ChildJvm process = standby().readyWhenPrints(STANDS_BY).start();
    awaitStandby(true);
    assertThat(printed(process, READY)).isFalse();
    return process;
  }

  private static boolean printed(ChildJvm process, String text) {
    return process.output().stream().anyMatch(line -> line.contains(text));
  }

  private static void awaitReady(ChildJvm process) {
    Await.until("it lets clients in", SOON, () -> printed(process, READY));
  }

  /** The one that runs has the admin port. */
  private void awaitStandby(boolean there) {
    String sample = "crossfade_standby " + (there ? "1.0" : "0.0");
    Await.until(sample, SOON, () -> metrics().contains(sample));
  }

  private String metrics() throws IOException {
    try (var page = URI.create("http://127.0.0.1:" + admin + "/metrics").toURL().openStream()) {
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (ConnectException e) {
      return "";
    }
  }

  private void read() throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:"
            + port
            + "/shop?connectTimeout=20&socketTimeout=30&loginTimeout=20";
    try (Connection connection = DriverManager.getConnection(url, Pair.USER, Pair.PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT full_name FROM customers WHERE id = 3")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("Given3 Family3");
    }
  }

  private static boolean isRefused(SQLException e) {
    return Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
        .anyMatch(ConnectException.class::isInstance);
  }

  /** Connects and reads; a connection may break with its process, and none may be refused. */
  private Future<?> reading(ExecutorService threads, AtomicLong reads, AtomicBoolean ended) {
    return threads.submit(
        () -> {
          while (!ended.get()) {
            try {
              read();
              reads.incrementAndGet();
            } catch (SQLException e) {
              assertThat(isRefused(e)).as(e.toString()).isFalse();
            }
          }
          return null;
        });
  }

  private static void awaitMore(AtomicLong reads, List<Future<?>> clients) {
    long before = reads.get();
    Await.until(
        "clients read",
        SOON,
        () -> reads.get() > before + 50 || clients.stream().anyMatch(Future::isDone));
    assertThat(clients).noneMatch(Future::isDone);
  }

  @Test
  void nobodyIsRefusedWhenTheOneThatRunsIsKilledOrEnded() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    try (ChildJvm first = running();
        ChildJvm second = standingBy();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients =
          List.of(
              reading(threads, reads, ended),
              reading(threads, reads, ended),
              reading(threads, reads, ended));
      try {
        awaitMore(reads, clients);
        first.kill();
        awaitReady(second);
        awaitMore(reads, clients);
        // Its supervisor starts it again; so the two change their parts.
        try (ChildJvm third = standingBy()) {
          second.terminate();
          assertThat(second.awaitExit(SOON)).isZero();
          awaitReady(third);
          awaitMore(reads, clients);
          awaitStandby(false);
          ended.set(true);
          for (Future<?> client : clients) {
            client.get();
          }
        }
      } finally {
        ended.set(true);
      }
      assertThat(String.join("\n", second.output()))
          .contains("A process stands by", "Another process has taken over")
          .doesNotContain("Exception", "ERROR");
    }
  }

  /** In this process; it is told that it is to stand by. */
  private Sidecar prepared() throws Exception {
    Sidecar sidecar = prepared(config, true);
    assertThat(sidecar.standsBy()).isTrue();
    return sidecar;
  }

  private static Sidecar prepared(String config, boolean standby) throws Exception {
    return Sidecar.prepare(
        ConfigFile.parse(config, pair.folder.resolve("sidecar.yaml").toString(), Map.of()),
        standby);
  }

  /** What it serves is told when it knows. */
  private Future<Boolean> standingBy(ExecutorService threads, Sidecar second) {
    AtomicBoolean standing = new AtomicBoolean();
    Future<Boolean> serves = threads.submit(() -> second.serve(() -> standing.set(true)));
    Await.until("it stands by", SOON, standing::get);
    awaitStandby(true);
    return serves;
  }

  /** Clients may also come to a UNIX socket. */
  private Path withSocket() throws IOException {
    Path run = Files.createDirectories(pair.folder.resolve("run"));
    config = config.replace("port: " + port + "}", "port: " + port + ", socket: run}");
    return run.resolve(".s.PGSQL." + port);
  }

  /** Asks for the sockets, and takes its time. */
  private Takeover starting(EventLoops loops) throws IOException {
    Takeover starting = Takeover.begin(loops, pair.folder.resolve("next")).orElseThrow();
    for (Heirloom one : starting.receive()) {
      one.descriptor().close();
    }
    return starting;
  }

  @Test
  void whoEndsWhileItStandsByDisturbsNobody() throws Exception {
    Path socket = withSocket();
    try (Sidecar first = pair.start(config);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Sidecar second = prepared();
      Future<Boolean> serves = standingBy(threads, second);
      assertThat(serves).isNotDone();
      assertThat(second.stopWaiting()).isTrue();
      assertThat(serves.get()).isFalse();
      second.close();
      awaitStandby(false);
      assertThat(first.stopWaiting()).isFalse();
      assertThat(socket).exists();
      assertThat(pair.folder.resolve("next")).exists();
      read();
    }
  }

  @Test
  void whoTakesOverSendsTheOneThatStandsByAway() throws Exception {
    try (Sidecar first = pair.start(config);
        Sidecar second = prepared();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> serves = standingBy(threads, second);
      try (Sidecar third = pair.start(config)) {
        first.awaitSuccessor();
        assertThat(serves.get()).isFalse();
        read();
        assertThat(Pair.queries(third)).isPositive();
      }
    }
  }

  @Test
  void anUpgradeThatFailsTakesTheOneThatStandsByFromNobody() throws Exception {
    Path socket = withSocket();
    try (Sidecar first = pair.start(config);
        Sidecar second = prepared();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Future<Boolean> serves = standingBy(threads, second);
      String elsewhere =
          config.replace("port: " + admin + "}", "port: " + foreign.getLocalPort() + "}");
      assertThat(elsewhere).isNotEqualTo(config);
      assertThatThrownBy(() -> pair.start(elsewhere))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("admin");
      awaitStandby(true);
      first.leavePlace();
      assertThat(serves.get()).isTrue();
      first.drain();
      assertThat(socket).exists();
      read();
      assertThat(Pair.queries(second)).isPositive();
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void whoEndsDoesNotWaitForOneThatStartsWhenAnotherStandsBy() throws Exception {
    EventLoops loops = EventLoops.open(1);
    try (Sidecar first = pair.start(config);
        Sidecar second = prepared();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> serves = standingBy(threads, second);
      try (Takeover late = starting(loops)) {
        first.leavePlace();
        assertThat(serves.get()).isTrue();
        assertThatThrownBy(late::ready).hasMessage("another process has taken over");
      }
      read();
      assertThat(Pair.queries(second)).isPositive();
    } finally {
      loops.close();
    }
  }

  @Test
  void whoIsToStandByWaitsForItsTurn() throws Exception {
    EventLoops loops = EventLoops.open(1);
    try (Sidecar first = pair.start(config);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Sidecar> second;
      try (Takeover sooner = starting(loops)) {
        assertThat(sooner.isAlone()).isFalse();
        assertThatThrownBy(() -> pair.start(config))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("another process is about to take over");
        second = threads.submit(() -> prepared());
      }
      try (Sidecar waited = second.get()) {
        Future<Boolean> serves = standingBy(threads, waited);
        assertThat(waited.stopWaiting()).isTrue();
        assertThat(serves.get()).isFalse();
      }
      assertThat(first.stopWaiting()).isFalse();
    } finally {
      loops.close();
    }
  }

  @Test
  void whoTakesOverFromADeadOneFindsThatTheStandbyWasSooner() throws Exception {
    try (ChildJvm first = running();
        Sidecar second = prepared();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> serves = standingBy(threads, second);
      try (Sidecar late = prepared(config, false)) {
        first.kill();
        assertThat(serves.get()).isTrue();
        assertThatThrownBy(() -> late.serve(Assertions::fail))
            .isInstanceOf(StartException.class)
            .hasMessageEndingWith(
                "upgrade.socket: the sidecar that ran has died, and another process has taken over"
                    + " meanwhile; start this one again to take over from that");
      }
      read();
      assertThat(Pair.queries(second)).isPositive();
    }
  }

  @Test
  void ofTwoThatStartAtTheSameTimeOneRuns() throws Exception {
    try (ChildJvm one = standby().launch();
        ChildJvm other = standby().launch()) {
      awaitStandby(true);
      assertThat(Stream.of(one, other).filter(process -> printed(process, READY))).hasSize(1);
      Await.until(
          "it says so",
          SOON,
          () -> Stream.of(one, other).filter(process -> printed(process, STANDS_BY)).count() == 1);
      read();
    }
  }

  @Test
  void onlyOneStandsBy() throws Exception {
    try (ChildJvm first = running();
        ChildJvm second = standingBy();
        ChildJvm third = standby().launch()) {
      assertThat(third.awaitExit(SOON)).isEqualTo(2);
      assertThat(String.join("\n", third.output()))
          .contains(
              "upgrade.socket: the running sidecar cannot be followed: another process stands by"
                  + " already");
      assertThat(first.alive()).isTrue();
      assertThat(second.alive()).isTrue();
      read();
    }
  }

  @Test
  void aPlaceToWaitAtIsNeeded() throws IOException {
    String without = config.replaceFirst("upgrade: .*", "");
    assertThatThrownBy(
            () ->
                Sidecar.prepare(
                        ConfigFile.parse(
                            without, pair.folder.resolve("sidecar.yaml").toString(), Map.of()),
                        true)
                    .close())
        .isInstanceOf(StartException.class)
        .hasMessageEndingWith(
            "sidecar.yaml upgrade.socket: it is missing, so there is no place where --standby could"
                + " wait for the running sidecar; give one, such as {socket: /run/crossfade/next}");
  }
}
