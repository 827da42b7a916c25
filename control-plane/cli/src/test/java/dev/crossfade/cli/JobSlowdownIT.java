package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.Job;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.testkit.net.FaultProxy;
import dev.crossfade.testkit.net.Flow;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs give way where old becomes slow for those who use it. */
class JobSlowdownIT {
  private static final Duration BOUND = Duration.ofSeconds(300);
  private static final int ROWS = 3_000;
  private static final String FILE =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: notes}
      spec:
        engine: postgresql
        tables:
          - old: notes
            new: remarks
            columns: {body: {rename: text}}
      """;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  @TempDir Path folder;
  private FaultProxy toOld;
  private LiveControlPlane live;

  @BeforeAll
  static void startServer() throws Exception {
    server =
        EmbeddedServer.builder()
            .setting("shared_preload_libraries", "pg_stat_statements")
            .role("app", "app")
            .start();
    for (String database : List.of("old", "new")) {
      server.createDatabase(database);
    }
    server.executeIn(
        "old",
        "CREATE EXTENSION pg_stat_statements",
        "CREATE TABLE notes (id bigint PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT i, 'note ' || i FROM generate_series(1, " + ROWS + ") AS i",
        "ANALYZE notes");
    server.executeIn(
        "new",
        "CREATE TABLE remarks (id bigint PRIMARY KEY, text text)",
        "INSERT INTO remarks SELECT i, 'note ' || i FROM generate_series(1, " + ROWS + ") AS i");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    toOld = FaultProxy.to(server.host(), server.port());
    Path file =
        Files.writeString(
            folder.resolve("databases.yaml"),
            "default:\n  old: {url: '%s'}\n  new: {url: '%s'}\n"
                .formatted(url(toOld.port(), "old"), url(server.port(), "new")));
    live = LiveControlPlane.start(new DatabasesFile(file, Map.of()));
    Path migration = Files.writeString(folder.resolve("notes.yaml"), FILE);
    assertThat(
            LiveControlPlane.ctl(
                    Map.of(),
                    "mirror",
                    "install",
                    migration.toString(),
                    "--old",
                    url(server.port(), "old"),
                    "--new",
                    url(server.port(), "new"))
                .exitCode())
        .isZero();
    live.ctl("apply", "-f", migration.toString());
    live.ctl("stage", "DUAL_WRITE");
    assertThat(
            live.ctl("job", "start", "verify", "--continuous", "--rate", "0", "--chunk", "100")
                .exitCode())
        .isZero();
  }

  @AfterEach
  void stop() {
    live.close();
    toOld.close();
  }

  private static String url(int port, String database) {
    return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
  }

  private Job job() throws InvalidProtocolBufferException {
    GetJobResponse.Builder response = GetJobResponse.newBuilder();
    JsonFormat.parser().merge(live.ctl("job", "status", "1", "-o", "json").out(), response);
    return response.getJob();
  }

  private Job awaitJob(Predicate<Job> condition) {
    return await().atMost(BOUND).until(this::job, condition);
  }

  private static long millis(Job job) {
    return Durations.toMillis(
        Timestamps.between(job.getVerification().getAsOf(), job.getVerification().getEndedAt()));
  }

  @Test
  void readsThatTakeLongerThanUsualAreToldAndGivenWay() throws Exception {
    awaitJob(job -> job.getPasses() >= 3);
    toOld.set(new Flow.Delay(Duration.ofMillis(10)));
    Job slow = awaitJob(job -> job.getWaits().startsWith("goes slowly"));
    assertThat(slow.getWaits())
        .matches("goes slowly: a read of old takes [0-9.]+ ms, usually [0-9.]+ ms");
    assertThat(live.ctl("job", "status").out()).contains("goes slowly: a read of old takes");
    toOld.set(new Flow.Pass());
    Job healed = awaitJob(job -> job.getWaits().isEmpty());
    Job again = awaitJob(job -> job.getPasses() >= healed.getPasses() + 2);
    assertThat(again.getVerification().getDrifted()).isZero();
    assertThat(again.getVerification().getRows()).isEqualTo(ROWS);
  }

  @Test
  void statementsOfOthersThatTakeLongerAreToldAndGivenWay() throws Exception {
    AtomicInteger work = new AtomicInteger(100);
    try (Connection app = server.connect("old", "app", "app");
        Statement statement = app.createStatement();
        ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor()) {
      load.scheduleWithFixedDelay(() -> run(statement, work.get()), 0, 20, TimeUnit.MILLISECONDS);
      try {
        Job quick = awaitJob(job -> job.getPasses() >= 4);
        work.set(200_000);
        Job slow = awaitJob(job -> job.getWaits().startsWith("goes slowly: statements"));
        assertThat(slow.getWaits())
            .matches("goes slowly: statements on old take [0-9.]+ times as long as usual");
        Job crawls =
            awaitJob(job -> job.getPasses() > quick.getPasses() && millis(job) > 5 * millis(quick));
        assertThat(crawls.getVerification().getRows()).isEqualTo(ROWS);
        work.set(100);
        awaitJob(job -> job.getWaits().isEmpty());
      } finally {
        load.shutdownNow();
      }
    }
  }

  private static void run(Statement statement, int rows) {
    try {
      statement.execute("SELECT count(*) FROM generate_series(1, " + rows + ")");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
