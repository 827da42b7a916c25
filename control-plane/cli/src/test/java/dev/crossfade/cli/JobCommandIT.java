package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.GetJobResponse;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.server.job.DatabasesFile;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ctl job}, against a real control plane and real databases. */
class JobCommandIT {
  private static final Duration BOUND = Duration.ofSeconds(60);
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
  private LiveControlPlane live;

  @BeforeAll
  static void startServer() throws Exception {
    server = EmbeddedServer.start();
    for (String database : List.of("old", "new")) {
      server.createDatabase(database);
    }
    server.executeIn(
        "old",
        "CREATE TABLE notes (id bigint PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT i, 'note ' || i FROM generate_series(1, " + ROWS + ") AS i",
        "ANALYZE notes");
    server.executeIn("new", "CREATE TABLE remarks (id bigint PRIMARY KEY, text text)");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("databases.yaml");
    Files.writeString(
        file,
        "migrations:\n  notes:\n    old: {url: '%s'}\n    new: {url: '%s'}\n"
            .formatted(url("old"), url("new")));
    live = LiveControlPlane.start(new DatabasesFile(file, Map.of()));
    Path migration = Files.writeString(folder.resolve("notes.yaml"), FILE);
    assertThat(
            LiveControlPlane.ctl(
                    Map.of(),
                    "mirror",
                    "install",
                    migration.toString(),
                    "--old",
                    url("old"),
                    "--new",
                    url("new"))
                .exitCode())
        .isZero();
    live.ctl("apply", "-f", migration.toString());
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private static String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database;
  }

  private Outcome awaitStatus(String id, String part) {
    return await()
        .atMost(BOUND)
        .until(() -> live.ctl("job", "status", id), outcome -> outcome.out().contains(part));
  }

  private void said(String expected, String... arguments) {
    assertThat(live.ctl(arguments)).isEqualTo(new Outcome(0, expected, ""));
  }

  @Test
  void theWholeWay() throws Exception {
    said("no jobs yet: start one with 'crossfade ctl job start KIND MIGRATION'", "job", "status");
    Outcome early = live.ctl("job", "start", "backfill");
    assertThat(early.exitCode()).isEqualTo(1);
    assertThat(early.err()).contains("move it to DUAL_WRITE first");
    live.ctl("stage", "DUAL_WRITE");
    Outcome wrong = live.ctl("job", "start", "frob");
    assertThat(wrong)
        .isEqualTo(
            new Outcome(
                2,
                "",
                "ctl: 'frob' is no job: write backfill, verify, repair, apply, lens-check or"
                    + " rollback-loss"));

    server.executeIn("old", "UPDATE notes SET body = body WHERE id = 1");
    said(
        "job 1 is queued: backfill of 'notes'",
        "job",
        "start",
        "backfill",
        "--chunk",
        "100",
        "--most-pending",
        "0",
        "--reason",
        "first");
    Outcome waiting = awaitStatus("1", "waits for the mirror");
    assertThat(waiting.out())
        .contains("job       1, backfill of notes")
        .contains("state     running in ")
        .contains("progress  100 of about 3,000 entities (3%)")
        .contains("works on  public.notes")
        .contains("waits     waits for the mirror: 1 changes are on their way")
        .containsPattern("started   .* by ada: first");
    assertThat(live.ctl("job", "status").out().lines().toList().get(1))
        .startsWith("1   notes      backfill  running  100 of about 3,000 entities (3%)")
        .endsWith("waits for the mirror: 1 changes are on their way");
    assertThat(live.ctl("job", "start", "backfill").err())
        .startsWith("ctl: job 1 is a backfill of migration 'notes' and has not ended");

    said("job 1 pauses after its present chunk", "job", "pause", "1");
    awaitStatus("1", "state     paused");
    server.executeIn("old", "TRUNCATE crossfade.mutation");
    said("job 1 goes on where it stood", "job", "resume", "1");
    Outcome watched = live.ctl("job", "watch", "1");
    assertThat(watched.out())
        .contains("state     done")
        .contains("progress  3,000 entities")
        .containsPattern("paused    .* by ada\n")
        .containsPattern("resumed   .* by ada\n");

    server.executeIn(
        "new", "SET crossfade.applying = on", "UPDATE remarks SET text = 'x' WHERE id = 9");
    said("job 2 is queued: verify of 'notes'", "job", "start", "verify", "notes");
    Outcome drifted = awaitStatus("2", "ended");
    assertThat(drifted.out()).contains("found     1 drifted").contains("such as   public.notes 9");
    said("job 3 is queued: repair of 'notes'", "job", "start", "repair");
    assertThat(awaitStatus("3", "ended").out()).contains("found     1 drifted, 1 repaired");
    live.ctl("job", "start", "verify");
    awaitStatus("4", "ended");
    GetJobResponse.Builder last = GetJobResponse.newBuilder();
    JsonFormat.parser().merge(live.ctl("job", "status", "4", "-o", "json").out(), last);
    assertThat(last.getJob().getState()).isEqualTo(JobState.JOB_STATE_DONE);
    assertThat(last.getJob().getProgress().getDone()).isEqualTo(ROWS);
    assertThat(last.getJob().getProgress().getDrifted()).isZero();
    assertThat(live.ctl("job", "cancel", "4").err()).isEqualTo("ctl: job 4 has ended: it is done");
    assertThat(live.ctl("job", "status", "5").err()).isEqualTo("ctl: there is no job 5");

    assertThat(live.ctl("job", "start", "repair", "--continuous").err())
        .isEqualTo("ctl: --continuous is for verify only");
    said(
        "job 5 is queued: continuous verify of 'notes'",
        "job",
        "start",
        "verify",
        "--continuous",
        "--rate",
        "50000");
    assertThat(awaitStatus("5", "verified").out())
        .contains("job       5, continuous verify of notes")
        .containsPattern("verified  as of 20.*: 0 drift, 3,000 rows");
    assertThat(live.ctl("job", "status").out().lines().toList().get(1))
        .startsWith("5   notes      continuous verify  running  ")
        .containsPattern("verified as of 20.*: 0 drift, 3,000 rows");
    assertThat(live.ctl("migration", "show").out())
        .containsPattern("verified      as of 20.*: 0 drift, 3,000 rows");
    said("job 5 ends after its present chunk", "job", "cancel", "5");
    awaitStatus("5", "state     cancelled");
  }

  @Test
  void aFileOfStatements() throws Exception {
    Path ddl = folder.resolve("expand.sql");
    Files.writeString(
        ddl,
        "CREATE TABLE extra (id int);\nCREATE INDEX CONCURRENTLY extra_id ON extra (id);\nSELECT"
            + " nonsense;\n");
    String id =
        live.ctl("job", "start", "apply", "notes", "--file", ddl.toString(), "--side", "new")
            .out()
            .split(" ")[1];
    assertThat(awaitStatus(id, "ended").out())
        .contains("job       " + id + ", apply of notes")
        .contains("state     failed")
        .contains("runs      " + ddl + " on new")
        .contains("progress  2 of about 3 statements (66%)")
        .contains(
            "error     "
                + ddl
                + ":3: statement 3 of 3: column \"nonsense\" does not exist (42703)");
    assertThat(live.ctl("job", "start", "apply").err()).isEqualTo("ctl: apply needs --file");
    assertThat(live.ctl("job", "start", "apply", "-f", ddl.toString(), "--side", "up").err())
        .isEqualTo("ctl: 'up' is no side: write old or new");
    assertThat(live.ctl("job", "start", "verify", "--side", "new").err())
        .isEqualTo("ctl: --file and --side are for apply only");
  }
}
