package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.CheckedColumn;
import dev.crossfade.api.v1.LensFinding;
import dev.crossfade.api.v1.LensReport;
import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ctl lens check} and {@code ctl lens preflight}, against real databases. */
class LensDatabasesIT {
  private static final String SOUND =
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
  private static final String LOSSY =
      SOUND.replace("body: {rename: text}", "body: {rename: text, cast: \"varchar(9)\"}");
  private static final int ROWS = 3000;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedServer.builder().role("keeper", "s3cret").start();
    for (String database : List.of("old", "sound", "lossy")) {
      server.createDatabase(database);
    }
    server.executeIn(
        "old",
        "CREATE TABLE notes (id bigint PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT i, 'note ' || i FROM generate_series(1, " + ROWS + ") AS i",
        "CREATE VIEW bodies AS SELECT body FROM notes",
        "GRANT SELECT ON notes TO keeper");
    server.executeIn("sound", "CREATE TABLE remarks (id bigint PRIMARY KEY, text text)");
    server.executeIn("lossy", "CREATE TABLE remarks (id bigint PRIMARY KEY, text varchar(8))");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aLosslessLensEndsWithZero() throws IOException {
    Outcome outcome = ctl("lens", "check", file(SOUND), "--old", url("old"), "--new", url("sound"));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            TABLE         ROWS  COLUMN  LOSS      ROWS CHANGED
            public.notes  3000  id      lossless  0
            public.notes  3000  body    lossless  0

            nothing found\
            """);
  }

  @Test
  void aLossIsShownByKeyAndNotByValue() throws IOException {
    String file = file(LOSSY);
    Outcome outcome = ctl("lens", "check", file, "--old", url("old"), "--new", url("lossy"));
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out())
        .contains("blocking  COLUMN_LOSSY  old public.notes.body  (from RAMP)")
        .contains("  comes back cut off in 2001 rows")
        .contains("  e.g. id=1")
        .doesNotContain("note 1");
    Outcome shown =
        ctl("lens", "check", file, "--old", url("old"), "--new", url("lossy"), "--show-values");
    assertThat(shown.out()).contains("comes back cut off: 'note 1");
  }

  @Test
  void scriptsGetJson() throws IOException {
    Outcome outcome =
        ctl("lens", "check", file(LOSSY), "--old", url("old"), "--new", url("lossy"), "-o", "json");
    LensReport.Builder report = LensReport.newBuilder();
    JsonFormat.parser().merge(outcome.out(), report);
    assertThat(report.getTables(0).getColumnsList())
        .extracting(CheckedColumn::getName, CheckedColumn::getLoss, CheckedColumn::getRows)
        .containsExactly(tuple("id", "LOSSLESS", 0L), tuple("body", "LOSSY", 2001L));
    assertThat(report.getFindingsList())
        .extracting(LensFinding::getCode)
        .containsExactlyInAnyOrder("COLUMN_LOSSY", "TOO_LONG");
  }

  @Test
  void preflightListsWhatHangsOnTheTables() throws IOException {
    Outcome outcome =
        ctl("lens", "preflight", file(SOUND), "--old", url("old"), "--new", url("sound"));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("warning  VIEW_READS  old public.bodies  (from COMPLETE)")
        .contains("blocking  GRANT_MISSING  new public.remarks  (from RAMP)")
        .endsWith("1 blocking, 1 warning");
    assertThat(outcome.exitCode()).isEqualTo(4);
  }

  @Test
  void aRunThatWasKilledGoesOnWhereItWas() throws IOException {
    String file = file(LOSSY);
    Path checkpoint = folder.resolve("checkpoint");
    String[] arguments = {
      "lens",
      "check",
      file,
      "--old",
      url("old"),
      "--new",
      url("lossy"),
      "--chunk",
      "5",
      "--checkpoint",
      checkpoint.toString()
    };
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), CtlMain.class.getName()));
    command.addAll(List.of(arguments));
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start();
    try {
      Await.until("a first checkpoint", Duration.ofMinutes(1), () -> reached(checkpoint) > 20);
    } finally {
      child.destroyForcibly();
      assertThat(child.onExit().join().exitValue()).isEqualTo(137);
    }
    int before = reached(checkpoint);
    assertThat(before).isBetween(21, ROWS - 1);
    List<String> faster = new ArrayList<>(List.of(arguments));
    faster.set(faster.indexOf("5"), "1000");
    Outcome outcome = ctl(faster.toArray(String[]::new));
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out()).contains("public.notes  3000  body").contains("cut off in 2001 rows");
    faster.set(2, file(SOUND + "# another\n"));
    assertThat(ctl(faster.toArray(String[]::new)))
        .satisfies(
            other -> {
              assertThat(other.exitCode()).isEqualTo(2);
              assertThat(other.err()).contains("belongs to a check of another file");
            });
  }

  /** The last key in a checkpoint. */
  private static int reached(Path checkpoint) throws IOException {
    if (!Files.exists(checkpoint)) {
      return 0;
    }
    return Files.readAllLines(checkpoint).stream()
        .filter(line -> line.startsWith("at\t"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf('\t') + 1)))
        .findFirst()
        .orElse(0);
  }

  @Test
  void passwordsComeFromTheEnvironmentAndAreNeverShown() throws IOException {
    String keeper = url("old").replace("postgres@", "keeper@");
    String file = file(SOUND);
    Outcome refused = ctl("lens", "check", file, "--old", keeper, "--new", url("sound"));
    assertThat(refused.exitCode()).isEqualTo(3);
    Outcome welcome =
        LiveControlPlane.ctl(
            Map.of("CROSSFADE_OLD_PASSWORD", "s3cret"),
            "lens",
            "check",
            file,
            "--old",
            keeper,
            "--new",
            url("sound"));
    assertThat(welcome.exitCode()).isZero();
    Outcome told =
        ctl(
            "lens",
            "check",
            file,
            "--old",
            keeper.replace("keeper@", "keeper:s3cret@"),
            "--new",
            url("sound"));
    assertThat(told.exitCode()).isEqualTo(2);
    assertThat(told.err())
        .startsWith("ctl: --old: the URL has a password")
        .doesNotContain("s3cret");
  }

  @Test
  void whatIsTypedWronglyIsSaidInOneLine() throws IOException {
    String file = file(SOUND);
    assertThat(ctl("lens", "check", file, "--old", "nonsense", "--new", url("sound")))
        .satisfies(
            outcome -> {
              assertThat(outcome.exitCode()).isEqualTo(2);
              assertThat(outcome.err())
                  .isEqualTo(
                      "ctl: --old: no URL of a database: write"
                          + " postgresql://user@host:port/database");
            });
    assertThat(
            ctl("lens", "check", file, "--old", url("old"), "--new", url("sound"), "--chunk", "0"))
        .extracting(Outcome::exitCode)
        .isEqualTo(2);
    String closed = "postgresql://postgres@127.0.0.1:1/x";
    assertThat(ctl("lens", "preflight", file, "--old", closed, "--new", url("sound")))
        .satisfies(
            outcome -> {
              assertThat(outcome.exitCode()).isEqualTo(3);
              assertThat(outcome.err()).startsWith("ctl: a database does not answer:");
            });
  }

  private static String url(String database) {
    return "postgresql://postgres@" + server.host() + ":" + server.port() + "/" + database;
  }

  private String file(String yaml) throws IOException {
    Path file = Files.createTempFile(folder, "migration", ".yaml");
    Files.writeString(file, yaml);
    return file.toString();
  }

  private static Outcome ctl(String... arguments) {
    return LiveControlPlane.ctl(Map.of(), arguments);
  }
}
