package dev.crossfade.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedServerIT {
  @Test
  void servesQueriesAndLeavesNothingBehind() throws SQLException {
    Path directory;
    long pid;
    try (EmbeddedServer server = EmbeddedServer.start()) {
      directory = server.directory();
      pid = server.pid();
      server.createDatabase("shop");
      server.executeIn("shop", "CREATE TABLE t (id int)", "INSERT INTO t VALUES (42)");
      assertThat(query(server, "shop", "SELECT id FROM t")).isEqualTo("42");
      assertThat(query(server, "shop", "SHOW synchronous_commit")).isEqualTo("on");
    }
    assertThat(directory).doesNotExist();
    assertThat(Path.of("/proc", Long.toString(pid))).doesNotExist();
  }

  @Test
  void demandsThePasswordOfEachNamedRole() throws SQLException {
    try (EmbeddedServer server =
        EmbeddedServer.builder()
            .role("sam", "s3cret")
            .role("mia", "m'd", Authentication.MD5)
            .role("cleo", "clear", Authentication.CLEARTEXT)
            .start()) {
      for (String[] login : new String[][] {{"sam", "s3cret"}, {"mia", "m'd"}, {"cleo", "clear"}}) {
        try (Connection connection = server.connect("postgres", login[0], login[1])) {
          assertThat(connection.isValid(1)).isTrue();
        }
        assertThatThrownBy(() -> server.connect("postgres", login[0], "wrong").close())
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      }
      assertThat(
              query(
                  server,
                  "postgres",
                  "SELECT left(rolpassword, 3) FROM pg_authid WHERE rolname = 'mia'"))
          .isEqualTo("md5");
      assertThat(
              query(
                  server,
                  "postgres",
                  "SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'sam'"))
          .isEqualTo("SCRAM-SHA-256");
    }
  }

  @Test
  void killedServerStartsAgainOnItsPortWithItsData() throws SQLException {
    try (EmbeddedServer server = EmbeddedServer.start()) {
      int port = server.port();
      server.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
      try (Connection connection = server.connect("postgres");
          Statement statement = connection.createStatement()) {
        long backend = Long.parseLong(query(connection, "SELECT pg_backend_pid()"));
        server.kill();
        Await.until("the end of the backend", () -> !Await.running(backend));
        assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
      }
      assertThatThrownBy(() -> server.connect("postgres").close()).isInstanceOf(SQLException.class);
      server.startAgain();
      assertThat(server.port()).isEqualTo(port);
      assertThat(query(server, "postgres", "SELECT id FROM t")).isEqualTo("1");
      server.stop();
      assertThat(server.log()).contains("database system is shut down");
      server.startAgain();
      assertThat(query(server, "postgres", "SELECT id FROM t")).isEqualTo("1");
    }
  }

  @Test
  void frozenServerAnswersNobodyUntilItIsThawed() throws SQLException {
    try (EmbeddedServer server = EmbeddedServer.start();
        Connection connection = server.connect("postgres")) {
      server.freeze();
      // TCP still connects, since the kernel accepts, but neither a new session nor an open one
      // gets an answer.
      assertThatThrownBy(
              () ->
                  DriverManager.getConnection(
                          server.jdbcUrl("postgres", "postgres") + "&loginTimeout=1")
                      .close())
          .isInstanceOf(SQLException.class);
      connection.setNetworkTimeout(Runnable::run, 200);
      assertThatThrownBy(() -> query(connection, "SELECT 1")).isInstanceOf(SQLException.class);
      server.thaw();
      assertThat(query(server, "postgres", "SELECT 2")).isEqualTo("2");
    }
  }

  @Test
  void frozenServerCanBeKilledStoppedAndClosed() throws SQLException {
    try (EmbeddedServer server = EmbeddedServer.start()) {
      server.freeze();
      server.kill();
      server.startAgain();
      server.freeze();
      server.stop();
      server.startAgain();
      assertThat(query(server, "postgres", "SELECT 3")).isEqualTo("3");
      server.freeze();
    }
  }

  @Test
  void keptDataOutlivesItsServer(@TempDir Path directory) throws SQLException {
    try (EmbeddedServer server =
        EmbeddedServer.builder().keptIn(directory).role("app", "one").start()) {
      server.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (5)");
    }
    assertThat(directory.resolve("data")).exists();
    try (EmbeddedServer server =
            EmbeddedServer.builder().keptIn(directory).role("app", "two").start();
        Connection connection = server.connect("postgres", "app", "two")) {
      assertThat(connection.isValid(1)).isTrue();
      assertThat(query(server, "postgres", "SELECT id FROM kept")).isEqualTo("5");
    }
  }

  @Test
  void reportsTheLogOfAServerThatDoesNotStart() {
    EmbeddedServer.Builder builder = EmbeddedServer.builder().setting("no_such_setting", "1");
    assertThatThrownBy(builder::start).hasMessageContaining("no_such_setting");
  }

  @Test
  void nothingStaysBehindWhenTheOwnerIsKilled() {
    long pid;
    Path directory;
    try (ChildJvm owner = ChildJvm.of(Owner.class).readyWhenPrints("server ").start()) {
      String[] words = owner.readyLine().split(" ", 3);
      pid = Long.parseLong(words[1]);
      directory = Path.of(words[2]);
      assertThat(Await.running(pid)).isTrue();
      assertThat(directory).exists();
      assertThat(children(pid)).isNotEmpty();
      List<Long> children = children(pid);
      owner.kill();
      Await.until(
          "the end of the server",
          () -> !Await.running(pid) && children.stream().noneMatch(Await::running));
      Await.until("the end of its files", () -> !Files.exists(directory));
    }
  }

  @Test
  void nothingStaysBehindWhenTheOwnerIsKilledWhileTheDataIsMade(@TempDir Path parent) {
    Path directory = parent.resolve("server");
    try (ChildJvm owner = ChildJvm.of(Initialiser.class).arguments(directory.toString()).start()) {
      Await.until("initdb to begin", () -> Files.exists(directory.resolve("data").resolve("base")));
      owner.kill();
      Await.until("the end of its files", () -> !Files.exists(directory));
    }
  }

  @Test
  void nothingStaysBehindWhenTheKeeperIsToldToEndWhileTheServerIsFrozen() {
    try (EmbeddedServer server = EmbeddedServer.start()) {
      server.freeze();
      ProcessHandle keeper =
          ProcessHandle.of(server.pid()).flatMap(ProcessHandle::parent).orElseThrow();
      // A shell hears a signal only while it waits for input, not if the signal comes just before
      // that: so more than once.
      Await.until("the end of the keeper", () -> !keeper.destroy());
      Await.until("the end of the server", () -> !Await.running(server.pid()));
      Await.until("the end of its files", () -> !Files.exists(server.directory()));
    }
  }

  @Test
  void concurrentJvmsUnpackTheBinariesOnce(@TempDir Path cache) throws IOException {
    Files.createDirectories(cache.resolve("crossfade/postgresql-0.partial/bin"));
    List<ChildJvm> children = new ArrayList<>();
    try {
      // Started without waiting for each other: a child prints its first line when it is done.
      Stream.generate(() -> CompletableFuture.supplyAsync(() -> unpacking(cache)))
          .limit(3)
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .forEach(children::add);
      assertThat(children)
          .extracting(ChildJvm::readyLine)
          .allMatch(line -> line.startsWith("unpacked "));
      assertThat(children)
          .extracting(ChildJvm::readyLine)
          .containsOnly(children.getFirst().readyLine());
    } finally {
      children.forEach(ChildJvm::close);
    }
    try (Stream<Path> entries = Files.list(cache.resolve("crossfade"))) {
      assertThat(entries.map(entry -> entry.getFileName().toString()).sorted().toList())
          .hasSize(2)
          .first()
          .isEqualTo("lock");
    }
  }

  private static ChildJvm unpacking(Path cache) {
    return ChildJvm.of(Unpacker.class).environment("XDG_CACHE_HOME", cache.toString()).start();
  }

  /** Asks for the binaries and prints where they are. */
  static final class Unpacker {
    public static void main(String[] arguments) throws IOException {
      System.out.println("unpacked " + Binaries.directory(null));
    }
  }

  private static List<Long> children(long pid) {
    return ProcessHandle.of(pid).orElseThrow().children().map(ProcessHandle::pid).toList();
  }

  /** Starts a server and waits for ever. */
  static final class Owner {
    public static void main(String[] arguments) throws InterruptedException {
      EmbeddedServer server = EmbeddedServer.start();
      System.out.println("server " + server.pid() + " " + server.directory());
      new CountDownLatch(1).await();
    }
  }

  /** Makes a server's data and waits for ever. */
  static final class Initialiser {
    public static void main(String[] arguments) throws IOException {
      try (Instance instance =
          new Instance(Path.of(arguments[0]), true, Binaries.directory(null))) {
        System.out.println("initialising");
        instance.initialise(Map.of(), List.of());
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static String query(EmbeddedServer server, String database, String sql) throws SQLException {
    try (Connection connection = server.connect(database)) {
      return query(connection, sql);
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
